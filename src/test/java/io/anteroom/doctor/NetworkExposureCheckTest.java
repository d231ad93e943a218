package io.anteroom.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.ConfigLoader;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.doctor.Report.Finding.Level;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkExposureCheckTest {
  @TempDir
  private Path folder;

  @Test
  void whatStaysOnThisMachineIsWell() {
    assertThat(findings()).extracting(Finding::level).containsExactly(Level.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "ANTEROOM_HTTP_HOST,       10.1.2.11,        students connect without TLS",
    "ANTEROOM_HTTP_HOST,       0.0.0.0,          students connect without TLS",
    "ANTEROOM_HTTP_ADMIN_HOST, 10.1.2.11,        the admin port can be reached",
    "ANTEROOM_CLUSTER_HOST,    10.1.2.11,        nodes communicate without TLS",
    "ANTEROOM_REDIS_URL,       redis://10.1.2.9, Redis is reached over the network without TLS"})
  void whatLeavesItUnencryptedIsWarnedOf(String variable, String value, String text) {
    List<Finding> findings = findings(variable, value);

    assertThat(findings).singleElement().extracting(Finding::level).isEqualTo(Level.WARNING);
    assertThat(findings.get(0).text()).startsWith(text);
    assertThat(findings.get(0).remedy()).isNotEmpty();
  }

  @Test
  void withTlsEverywhereItIsWell() throws IOException {
    TestAuthority authority = new TestAuthority("lab-ca", folder);
    Issued lasting = authority.issueForAMonth("node");
    Files.setPosixFilePermissions(lasting.key(), PosixFilePermissions.fromString("rw-------"));

    assertThat(findings("ANTEROOM_HTTP_HOST", "0.0.0.0", "ANTEROOM_HTTP_ADMIN_HOST", "10.1.2.11",
      "ANTEROOM_CLUSTER_HOST", "10.1.2.11", "ANTEROOM_REDIS_URL", "rediss://10.1.2.9",
      "ANTEROOM_HTTP_TLS_CERT", lasting.chain(), "ANTEROOM_HTTP_TLS_KEY", lasting.key(),
      "ANTEROOM_HTTP_ADMIN_TLS_CERT", lasting.chain(), "ANTEROOM_HTTP_ADMIN_TLS_KEY", lasting.key(),
      "ANTEROOM_CLUSTER_TLS_CERT", lasting.chain(), "ANTEROOM_CLUSTER_TLS_KEY", lasting.key(),
      "ANTEROOM_CLUSTER_TLS_CA", authority.file())).extracting(Finding::level).containsExactly(Level.OK);
  }

  @Test
  void aProxyThatSpeaksHttpsIsTlsForStudents() {
    assertThat(findings("ANTEROOM_HTTP_HOST", "10.1.2.11", "ANTEROOM_HTTP_PUBLIC_URL", "https://comfy.school.example"))
      .extracting(Finding::level).containsExactly(Level.OK);
    assertThat(findings("ANTEROOM_HTTP_HOST", "10.1.2.11", "ANTEROOM_HTTP_PUBLIC_URL", "http://comfy.school.example"))
      .extracting(Finding::level).containsExactly(Level.WARNING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP", "HTTP_ADMIN", "REDIS", "CLUSTER"})
  void aKeyForAllAndACertificateOfTheLastDaysAreWarnedOf(String whose) throws IOException {
    TestAuthority authority = new TestAuthority("lab-ca", folder);
    Issued ending = authority.issue("node");
    Files.setPosixFilePermissions(ending.key(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(findings("ANTEROOM_%s_TLS_CERT".formatted(whose), ending.chain(),
      "ANTEROOM_%s_TLS_KEY".formatted(whose), ending.key(), "ANTEROOM_REDIS_URL", "rediss://10.1.2.9",
      whose.equals("CLUSTER") ? "ANTEROOM_CLUSTER_TLS_CA" : "ANTEROOM_REDIS_TLS_CA", authority.file()))
      .extracting(Finding::text).hasSize(2)
      .anyMatch(text -> text.contains(ending.key() + " can be read by every account"))
      .anyMatch(text -> text.contains("expires in 0 days"));
  }

  /** With these variables and values, in turn. */
  private static List<Finding> findings(Object... given) {
    Map<String, String> environment = new HashMap<>(Map.of("ANTEROOM_AUTH_OPEN_ON_NETWORK", "true"));
    for (int i = 0; i < given.length; i += 2) {
      environment.put(given[i].toString(), given[i + 1].toString());
    }
    return new NetworkExposureCheck(ConfigLoader.load(Optional.empty(), environment).settings(), Clock.systemUTC())
      .findings();
  }
}
