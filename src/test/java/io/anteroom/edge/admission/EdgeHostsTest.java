package io.anteroom.edge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.ConfigLoader;
import io.anteroom.http.HostHeaderCheck;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the Host header is checked, and where it cannot be; the rest is tested as attack 20. */
class EdgeHostsTest {
  private static final String FOREIGN = "evil.example";

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void onlyThisMachinesNamesCountWhereNobodySignsInAndOnlyThisMachineComes(String host) {
    HostHeaderCheck check = check(Map.of("ANTEROOM_HTTP_HOST", host));

    assertThat(check.allows(FOREIGN)).isFalse();
    assertThat(check.allows("localhost")).isTrue();
  }

  @Test
  void everyNameCountsOnTheNetwork() {
    assertThat(check(Map.of("ANTEROOM_HTTP_HOST", "0.0.0.0", "ANTEROOM_AUTH_OPEN_ON_NETWORK", "true"))
      .allows(FOREIGN)).isTrue();
  }

  @Test
  void thatItMayBeOpenOnTheNetworkDoesNotMeanThatItIs() {
    assertThat(check(Map.of("ANTEROOM_AUTH_OPEN_ON_NETWORK", "true")).allows(FOREIGN)).isFalse();
  }

  private static HostHeaderCheck check(Map<String, String> variables) {
    return EdgeHosts.check(ConfigLoader.load(Optional.empty(), variables).settings());
  }
}
