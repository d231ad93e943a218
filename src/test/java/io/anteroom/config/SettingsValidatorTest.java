package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.config.files.InvalidSettingsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsValidatorTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.0.0.5", "::", "lab.example", "127.0.0.1.evil.example", "::ffff:10.0.0.1"})
  void openModeBeyondLoopbackIsRefused(String host) {
    assertThat(complaints(Map.of("ANTEROOM_HTTP_HOST", host))).singleElement().asString()
      .contains("http.host: invalid value '" + host + "'").contains("ANTEROOM_AUTH_OPEN_ON_NETWORK=true");
    assertThat(complaints(Map.of("ANTEROOM_HTTP_ADMIN_HOST", host))).singleElement().asString()
      .contains("http.admin_host: invalid value '" + host + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost", "Localhost", "::1", "0:0:0:0:0:0:0:1"})
  void openModeOnLoopbackIsNot(String host) {
    assertThat(ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_HTTP_HOST", host)).settings().http().host())
      .isEqualTo(host);
  }

  @Test
  void openModeBeyondLoopbackIsAllowedWhenSaid() {
    Map<String, String> said = Map.of("ANTEROOM_HTTP_HOST", "0.0.0.0", "ANTEROOM_AUTH_OPEN_ON_NETWORK", "true");

    assertThat(ConfigLoader.load(Optional.empty(), said).settings().auth().openOnNetwork()).isTrue();
  }

  @Test
  void everyPortServesOneThing() {
    assertThat(complaints(Map.of("ANTEROOM_HTTP_ADMIN_PORT", "8080", "ANTEROOM_REDIS_PORT", "5701")))
      .hasSize(2).anyMatch(one -> one.startsWith("http.admin_port: invalid value '8080'")
        && one.endsWith("http.port uses this one"))
      .anyMatch(one -> one.startsWith("redis.port: invalid value '5701'"));
  }

  @Test
  void portOfTheEmbeddedRedisIsFreeWhereThereIsNone() {
    Map<String, String> external = Map.of("ANTEROOM_REDIS_URL", "redis://db", "ANTEROOM_REDIS_PORT", "8080");

    assertThat(ConfigLoader.load(Optional.empty(), external).settings().redis().port()).isEqualTo(8080);
  }

  @Test
  void whatMayBeStoredFitsIntoTheEmbeddedRedis() {
    assertThat(complaints(Map.of("ANTEROOM_LIMIT_BYTES", "3GB"))).containsExactly(
      "limit.bytes: invalid value '3GB' (environment variable ANTEROOM_LIMIT_BYTES):"
        + " expected no more than redis.max_memory, which is 2GB");
    assertThat(complaints(Map.of("ANTEROOM_LIMIT_USER_BYTES", "2GB"))).singleElement().asString()
      .contains("limit.user_bytes", "no more than limit.bytes, which is 1GB");
    assertThat(ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_LIMIT_BYTES", "3GB", "ANTEROOM_REDIS_URL",
      "redis://db")).settings().limit().bounds().bytes()).isEqualTo(3L << 30);
  }

  @Test
  void leaseOutlivesAPost() {
    assertThat(complaints(Map.of("ANTEROOM_TASK_LEASE", "10s", "ANTEROOM_TASK_POST_TIMEOUT", "10s"))).containsExactly(
      "task.post_timeout: invalid value '10s' (environment variable ANTEROOM_TASK_POST_TIMEOUT):"
        + " expected less than task.lease, which is 10s");
  }

  @Test
  void severalAddressesAreNoStandaloneRedis() {
    String urls = "redis://db1:26379, redis://db2:26379";

    assertThat(complaints(Map.of("ANTEROOM_REDIS_URL", urls))).containsExactly(
      "redis.type: invalid value 'standalone' (default):"
        + " expected sentinel or cluster, since redis.url names several servers");
    Map<String, String> sentinels = Map.of("ANTEROOM_REDIS_URL", urls, "ANTEROOM_REDIS_TYPE", "sentinel");
    assertThat(ConfigLoader.load(Optional.empty(), sentinels).settings().redis().type()).isEqualTo("sentinel");
  }

  @Test
  void whatIsWrongAloneIsNotComplainedOfAgain() {
    assertThat(complaints(Map.of("ANTEROOM_TASK_LEASE", "x", "ANTEROOM_TASK_POST_TIMEOUT", "20s"))).hasSize(1);
  }

  private static List<String> complaints(Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> ConfigLoader.load(Optional.empty(), environment))
      .complaints();
  }
}
