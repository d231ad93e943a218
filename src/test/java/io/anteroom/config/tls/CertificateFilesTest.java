package io.anteroom.config.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.tls.CertificateFiles.CertificateReading;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateFilesTest {
  @TempDir
  private Path folder;
  private TestAuthority authority;
  private Issued good;

  @BeforeEach
  void issue() {
    authority = new TestAuthority("lab-ca", folder);
    good = authority.issue("comfy");
  }

  @Test
  void aCertificateWithItsKeyIsTakenAndItsKeyNeverShown() throws IOException {
    CertificateReading reading = read(good.chain(), good.key());

    assertThat(reading.complaints()).isEmpty();
    assertThat(reading.certificate().orElseThrow().toString()).startsWith("'CN=comfy' until ");
    assertThat(reading.certificate().orElseThrow().toString())
      .doesNotContain(Files.readAllLines(good.key()).get(1));
  }

  @Test
  void aKeyOfAnotherCertificateIsNamedAsSuch() {
    CertificateReading reading = read(good.chain(), authority.issue("other").key());

    assertThat(reading.certificate()).isEmpty();
    assertThat(reading.wrongChain()).isEmpty();
    assertThat(reading.wrongKey().orElseThrow()).contains("does not belong to", "CN=comfy", "expected");
  }

  @Test
  void oneOutOfItsTimeIsNotTaken() {
    Issued late = authority.issueExpired("late");
    Issued soon = authority.issueTooSoon("soon");

    assertThat(read(late.chain(), late.key()).wrongChain().orElseThrow()).contains("'CN=late' has expired on ");
    assertThat(read(soon.chain(), soon.key()).wrongChain().orElseThrow()).contains("'CN=soon' is valid from ");
  }

  @Test
  void whoDidNotIssueItCannotFollowIt() throws IOException {
    Path mixed = Files.writeString(folder.resolve("mixed.pem"), Files.readString(good.chain()).replace("\r", "")
      .replaceAll("(?s)(-----END CERTIFICATE-----\n).*", "$1") + Files.readString(authority.issue("other").chain()));

    assertThat(read(mixed, good.key()).wrongChain().orElseThrow())
      .contains("'CN=comfy' is followed by that of 'CN=other'");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                                  there is no private key in it",
    "ENCRYPTED PRIVATE KEY; AAAA,         the key is encrypted",
    "RSA PRIVATE KEY; Proc-Type: 4~ENCRYPTED;DEK-Info: AES~0;;AAAA, the key is encrypted",
    "RSA PRIVATE KEY; AAAA,               encoded as RSA PRIVATE KEY",
    "EC PRIVATE KEY; AAAA,                openssl pkcs8 -topk8 -nocrypt -in ",
    "PRIVATE KEY; AAAA,                   the key is corrupt",
    "PRIVATE KEY; A,                      not base64"})
  void aKeyThatCannotBeUsedIsNamedWithTheWayOut(String text, String complaint) throws IOException {
    String type = text.replaceFirst(";.*", "");
    Path key = Files.writeString(folder.resolve("other.key"), "-----BEGIN " + type + "-----\n"
      + text.replaceFirst("[^;]*;", "").replace(';', '\n').replace('~', ',') + "\n-----END " + type + "-----\n");

    assertThat(read(good.chain(), key).wrongKey().orElseThrow()).contains(complaint, "expected");
  }

  @Test
  void bothFilesAreComplainedOfAtOnce() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path none = Files.writeString(folder.resolve("none.pem"), "-----BEGIN NOTHING-----\n-----END NOTHING-----");

    assertThat(read(missing, none).complaints()).hasSize(2)
      .anyMatch(one -> one.startsWith(missing + ": it cannot be read (no such file)"))
      .anyMatch(one -> one.startsWith(none + ": there is no private key in it"));
    assertThat(read(none, missing).complaints()).hasSize(2)
      .anyMatch(one -> one.startsWith(none + ": there is no certificate in it"));
  }

  @Test
  void aKeyThatAnybodyCanReadIsTold() throws IOException {
    CertificateFiles files = new CertificateFiles(good.chain(), good.key());
    Files.setPosixFilePermissions(good.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(files.isKeyOpenToAll()).isTrue();

    Files.setPosixFilePermissions(good.key(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(files.isKeyOpenToAll()).isFalse();
  }

  private static CertificateReading read(Path chain, Path key) {
    return new CertificateFiles(chain, key).read();
  }
}
