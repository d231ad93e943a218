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
 * The content of files that may change while a node runs.
 *
 * @param directory users and instances
 * @param passwords password hashes
 * @param students  the certificate of the students' port; always empty without TLS
 * @param admins    the same for the admin port
 */
record ReloadableFiles(
    Supplier<Directory> directory, Supplier<PasswordFile> passwords,
    Supplier<Optional<Certificate>> students, Supplier<Optional<Certificate>> admins) {
  private static final Logger log = LoggerFactory.getLogger(ReloadableFiles.class);

  /** These users and instances, no passwords, no TLS. */
  static ReloadableFiles only(Supplier<Directory> directory) {
    return new ReloadableFiles(directory, ReloadableFiles::noPasswords, Optional::empty, Optional::empty);
  }

  /** Reads all files, and watches them until the shutdown. */
  static ReloadableFiles files(Settings settings, ShutdownSequence shutdown) {
    return new ReloadableFiles(
      watched("directory", DirectoryLoader.watch(settings), shutdown),
      passwords(settings, shutdown),
      certificate("students", settings.http().tls(), shutdown),
      certificate("admins", settings.http().adminTls(), shutdown));
  }

  private static Supplier<PasswordFile> passwords(Settings settings, ShutdownSequence shutdown) {
    if (!settings.auth().has(Way.USERS)) {
      return ReloadableFiles::noPasswords;
    }
    Path file = settings.auth().passwords().orElseThrow();
    return watched("passwords", new FileWatcher<>("passwords", List.of(file), () -> PasswordFile.read(file)), shutdown);
  }

  private static PasswordFile noPasswords() {
    throw new IllegalStateException("password sign-in is not enabled");
  }

  private static Supplier<Optional<Certificate>> certificate(
      String whose, Optional<CertificateFiles> files, ShutdownSequence shutdown) {
    files.filter(CertificateFiles::isKeyOpenToAll).ifPresent(open ->
      log.warn("Every account on this machine can read a private key, restrict its permissions: key={}", open.key()));
    return files.map(some -> watched("certificate of " + whose, Certificates.watch(whose, some), shutdown))
      .<Supplier<Optional<Certificate>>>map(watch -> () -> Optional.of(watch.get()))
      .orElse(Optional::empty);
  }

  private static <T> Supplier<T> watched(String what, FileWatcher<T> watch, ShutdownSequence shutdown) {
    watch.start(FileWatcher.INTERVAL);
    shutdown.atEnd(what, watch::close);
    return watch;
  }
}
