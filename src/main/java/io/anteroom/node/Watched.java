package io.anteroom.node;

import io.anteroom.config.Auth.Way;
import io.anteroom.config.FileWatch;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.CertificateFiles.Certificates;
import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryFiles;
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
record Watched(
    Supplier<Directory> directory, Supplier<PasswordFile> passwords,
    Supplier<Optional<Certificate>> students, Supplier<Optional<Certificate>> admins) {
  private static final Logger log = LoggerFactory.getLogger(Watched.class);

  /** Users and instances that no file names, no passwords, and no TLS. */
  static Watched only(Supplier<Directory> directory) {
    return new Watched(directory, Watched::noPasswords, Optional::empty, Optional::empty);
  }

  /** Reads all files, and looks at them as long as the lifetime lasts. */
  static Watched files(Settings settings, Lifetime lifetime) {
    return new Watched(
      watched("directory", DirectoryFiles.watch(settings), lifetime),
      passwords(settings, lifetime),
      certificate("students", settings.http().tls(), lifetime),
      certificate("admins", settings.http().adminTls(), lifetime));
  }

  private static Supplier<PasswordFile> passwords(Settings settings, Lifetime lifetime) {
    if (!settings.auth().has(Way.USERS)) {
      return Watched::noPasswords;
    }
    Path file = settings.auth().passwords().orElseThrow();
    return watched("passwords", new FileWatch<>("passwords", List.of(file), () -> PasswordFile.read(file)), lifetime);
  }

  private static PasswordFile noPasswords() {
    throw new IllegalStateException("nobody signs in by a password here");
  }

  private static Supplier<Optional<Certificate>> certificate(
      String whose, Optional<CertificateFiles> files, Lifetime lifetime) {
    files.filter(CertificateFiles::isKeyOpenToAll).ifPresent(open ->
      log.warn("Anybody with an account on this machine can read a key, leave it to its owner: key={}", open.key()));
    return files.map(some -> watched("certificate of " + whose, Certificates.watch(whose, some), lifetime))
      .<Supplier<Optional<Certificate>>>map(watch -> () -> Optional.of(watch.get()))
      .orElse(Optional::empty);
  }

  private static <T> Supplier<T> watched(String what, FileWatch<T> watch, Lifetime lifetime) {
    watch.start(FileWatch.INTERVAL);
    lifetime.atEnd(what, watch::close);
    return watch;
  }
}
