package io.anteroom.config.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anteroom.config.files.FileWatcher;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.config.tls.CertificateFiles.Certificates;
import io.anteroom.support.LogLines;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
  @TempDir
  private Path folder;
  private final LogLines said = new LogLines(FileWatcher.class);
  private TestAuthority authority;
  private Issued first;
  private FileWatcher<Certificate> watch;
  private long writes;

  @BeforeEach
  void issue() {
    authority = new TestAuthority("lab-ca", folder);
    first = authority.issue("first");
    watch = Certificates.watch("students", new CertificateFiles(first.chain(), first.key()));
  }

  @AfterEach
  void close() {
    watch.close();
    said.close();
  }

  @Test
  void aRenewedOneComesIntoForce() throws IOException {
    Issued renewed = authority.issue("renewed");

    put(renewed.chain(), first.chain());
    put(renewed.key(), first.key());
    looks(2);

    assertThat(watch.get().toString()).startsWith("'CN=renewed'");
  }

  @Test
  void oneWhoseKeyComesLaterWaitsForIt() throws IOException {
    Issued renewed = authority.issue("renewed");

    put(renewed.chain(), first.chain());
    looks(5);
    assertThat(watch.get().toString()).startsWith("'CN=first'");
    assertThat(complaints()).singleElement().asString()
      .contains("certificate of students", first.key() + ": it does not belong to the certificate");

    put(renewed.key(), first.key());
    looks(2);
    assertThat(watch.get().toString()).startsWith("'CN=renewed'");
  }

  @Test
  void aBrokenOneIsToldOnceAndTheOldOneStays() throws IOException {
    Files.writeString(first.chain(), "rubbish");
    Files.delete(first.key());
    looks(5);

    assertThat(watch.get().toString()).startsWith("'CN=first'");
    assertThat(complaints()).singleElement().asString()
      .contains(first.chain() + ": there is no certificate", first.key() + ": it cannot be read");
  }

  @Test
  void atTheStartABrokenOneIsRefusedWithAllThatIsWrong() throws IOException {
    Files.writeString(first.chain(), "rubbish");
    Files.delete(first.key());

    assertThatExceptionOfType(InvalidSettingsException.class)
      .isThrownBy(() -> Certificates.watch("students", new CertificateFiles(first.chain(), first.key())))
      .satisfies(wrong -> assertThat(wrong.complaints()).hasSize(2));
  }

  private List<String> complaints() {
    return said.all().stream().filter(line -> line.startsWith("Changed files are invalid")).toList();
  }

  /** With another time than before, however coarse the clock of the file system is. */
  private void put(Path from, Path to) throws IOException {
    Files.write(to, Files.readAllBytes(from));
    Files.setLastModifiedTime(to, FileTime.fromMillis(1_000_000 + ++writes));
  }

  private void looks(int times) {
    for (int i = 0; i < times; i++) {
      watch.poll();
    }
  }
}
