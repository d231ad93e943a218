package io.anteroom.edge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.ConfigLoader;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where names are judged, and where nobody knows which are right; the rest tells the test of attack 20. */
class HostHeaderCheckTest {
  private static final String FOREIGN = "evil.example";

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void onlyThisMachinesNamesCountWhereNobodySignsInAndOnlyThisMachineComes(String host) {
    HostHeaderCheck check = check(Map.of("ANTEROOM_HTTP_HOST", host));

    assertThat(check.answersTo(FOREIGN)).isFalse();
    assertThat(check.answersTo("localhost")).isTrue();
  }

  @Test
  void everyNameCountsOnTheNetwork() {
    assertThat(check(Map.of("ANTEROOM_HTTP_HOST", "0.0.0.0", "ANTEROOM_AUTH_OPEN_ON_NETWORK", "true"))
      .answersTo(FOREIGN)).isTrue();
  }

  @Test
  void thatItMayBeOpenOnTheNetworkDoesNotMeanThatItIs() {
    assertThat(check(Map.of("ANTEROOM_AUTH_OPEN_ON_NETWORK", "true")).answersTo(FOREIGN)).isFalse();
  }

  private static HostHeaderCheck check(Map<String, String> variables) {
    return new HostHeaderCheck(ConfigLoader.load(Optional.empty(), variables).settings());
  }
}
