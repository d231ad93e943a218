package io.anteroom.node;

import io.anteroom.config.AuthSettings.Way;
import io.anteroom.config.Settings;
import io.anteroom.config.files.FileWatcher;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.CertificateFiles.Certificates;
import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.edge.auth.password.PasswordFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node asks for again and again, since its files may change while it runs.
 *
 * @param directory users and instances
 * @param passwords who signs in by which password
 * @param students  the certificate of the students' port; empty, and ever so, without TLS
 * @param admins    the same of the admin port
 */
record ReloadableFiles(
    Supplier<Directory> directory, Supplier<PasswordFile> passwords,
    Supplier<Optional<Certificate>> students, Supplier<Optional<Certificate>> admins) {
  private static final Logger log = LoggerFactory.getLogger(ReloadableFiles.class);

  /** Users and instances that no file names, no passwords, and no TLS. */
  static ReloadableFiles only(Supplier<Directory> directory) {
    return new ReloadableFiles(directory, ReloadableFiles::noPasswords, Optional::empty, Optional::empty);
  }

  /** Reads all files, and looks at them as long as the lifetime lasts. */
  static ReloadableFiles files(Settings settings, ShutdownSequence lifetime) {
    return new ReloadableFiles(
      watched("directory", DirectoryLoader.watch(settings), lifetime),
      passwords(settings, lifetime),
      certificate("students", settings.http().tls(), lifetime),
      certificate("admins", settings.http().adminTls(), lifetime));
  }

  private static Supplier<PasswordFile> passwords(Settings settings, ShutdownSequence lifetime) {
    if (!settings.auth().has(Way.USERS)) {
      return ReloadableFiles::noPasswords;
    }
    Path file = settings.auth().passwords().orElseThrow();
    return watched("passwords", new FileWatcher<>("passwords", List.of(file), () -> PasswordFile.read(file)), lifetime);
  }

  private static PasswordFile noPasswords() {
    throw new IllegalStateException("nobody signs in by a password here");
  }

  private static Supplier<Optional<Certificate>> certificate(
      String whose, Optional<CertificateFiles> files, ShutdownSequence lifetime) {
    files.filter(CertificateFiles::isKeyOpenToAll).ifPresent(open ->
      log.warn("Anybody with an account on this machine can read a key, leave it to its owner: key={}", open.key()));
    return files.map(some -> watched("certificate of " + whose, Certificates.watch(whose, some), lifetime))
      .<Supplier<Optional<Certificate>>>map(watch -> () -> Optional.of(watch.get()))
      .orElse(Optional::empty);
  }

  private static <T> Supplier<T> watched(String what, FileWatcher<T> watch, ShutdownSequence lifetime) {
    watch.start(FileWatcher.INTERVAL);
    lifetime.atEnd(what, watch::close);
    return watch;
  }
}
