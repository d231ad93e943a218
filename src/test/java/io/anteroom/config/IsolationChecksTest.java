package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anteroom.config.Settings.Isolation;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.net.PortRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin for each student needs is there, or the node does not start. */
class IsolationChecksTest {
  private static final Map<String, String> SIGN_IN =
    Map.of("ANTEROOM_AUTH_MODE", "users", "ANTEROOM_USERS_PASSWORDS", "passwords");

  @Test
  void unlessToldAllPagesHaveOneOrigin() {
    assertThat(load(Map.of())).isEqualTo(Isolation.NONE);
  }

  @Test
  void aRangeOfPortsIsTaken() {
    assertThat(load(signedIn("ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", "8201 - 8260")).ports())
      .isEqualTo(new PortRange(8201, 8260));
  }

  @Test
  void portsThatNobodyUsesAreNotListenedOn() {
    assertThat(load(Map.of("ANTEROOM_ISOLATION_PORTS", "8201-8260")).ports()).isEqualTo(PortRange.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8260-8201", "8201", "0-10", "8201-10202", "65530-65536", "8201-8210,8220", "a-b"})
  void whatIsNoRangeIsRefused(String range) {
    assertComplaint(signedIn("ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", range), "isolation.ports");
  }

  @Test
  void whereNobodySignsInThereIsNothingToIsolate() {
    assertComplaint(Map.of("ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", "8201-8260"), "isolation.by");
  }

  @Test
  void portsAreNeededAndNobodyElses() {
    assertComplaint(signedIn("ANTEROOM_ISOLATION_BY", "port"), "isolation.ports");
    assertComplaint(signedIn("ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", "8070-8090"),
      "8080 (http.port), 8081 (http.admin_port)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://lab.example", "https://10.1.2.3", "https://[fd00::1]:8443"})
  void namesForStudentsNeedHttpsAndAName(String publicUrl) {
    assertComplaint(signedIn("ANTEROOM_ISOLATION_BY", "host", "ANTEROOM_HTTP_PUBLIC_URL", publicUrl),
      "http.public_url");
  }

  @Test
  void aNameWithHttpsIsEnough() {
    assertThat(load(signedIn("ANTEROOM_ISOLATION_BY", "host", "ANTEROOM_HTTP_PUBLIC_URL", "https://lab.example")).by())
      .isEqualTo(Isolation.By.HOST);
  }

  private static Map<String, String> signedIn(String... more) {
    Map<String, String> all = new HashMap<>(SIGN_IN);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static Isolation load(Map<String, String> variables) {
    return ConfigLoader.load(Optional.empty(), variables).settings().http().isolation();
  }

  private static void assertComplaint(Map<String, String> variables, String... complaints) {
    assertThatExceptionOfType(InvalidSettingsException.class).isThrownBy(() -> load(variables))
      .withMessageContaining("expected")
      .satisfies(wrong -> assertThat(wrong.getMessage()).contains(complaints));
  }
}
