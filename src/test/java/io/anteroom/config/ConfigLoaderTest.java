package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.config.files.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir
  private Path folder;

  @Test
  void nothingGivenMeansTheDefaults() {
    Settings settings = load(Map.of("HOSTNAME", "lab3.school.example"));

    assertThat(settings.node()).isEqualTo("lab3-8080");
    assertThat(settings.roles()).containsExactlyInAnyOrder(Settings.Role.values());
    assertThat(settings.http()).isEqualTo(new Settings.Http("127.0.0.1", 8080, "127.0.0.1", 8081, 100L << 20));
    assertThat(settings.limit()).isEqualTo(new Settings.Limit(10, 1, 20));
    assertThat(settings.redis().url()).isEmpty();
    assertThat(settings.task().timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.page()).isEqualTo(new Settings.Page(Duration.ofSeconds(2), true));
  }

  @Test
  void maxConcurrentOfTheStudyIsTheLimit() {
    assertThat(load(Map.of("COMFY_MAX_CONCURRENT", "7")).limit().concurrent()).isEqualTo(7);
  }

  @Test
  void maxConcurrentTestOfTheStudyIsTheLimitInDevelopment() {
    Map<String, String> environment =
      Map.of("ENV", "development", "COMFY_MAX_CONCURRENT", "7", "COMFY_MAX_CONCURRENT_TEST", "3");

    assertThat(load(environment).limit().concurrent()).isEqualTo(3);
  }

  @Test
  void envChoosesTheLimit() {
    assertThat(load(Map.of("ENV", "development")).limit().concurrent()).isEqualTo(2);
    assertThat(load(Map.of("ENV", "production")).limit().concurrent()).isEqualTo(10);
    assertThat(load(Map.of()).limit().concurrent()).isEqualTo(10);
  }

  @Test
  void envOfAShellIsNotMeantForAnteroom() {
    assertThat(load(Map.of("ENV", "/etc/shrc")).limit().concurrent()).isEqualTo(10);
  }

  @Test
  void queuePollIntervalOfTheStudyCountsSeconds() {
    assertThat(load(Map.of("COMFY_QUEUE_POLL_INTERVAL", "5")).page().pollInterval()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void namesOfTheStudyTakePositiveWholeNumbersOnly() {
    Map<String, String> environment = Map.of(
      "COMFY_MAX_CONCURRENT", "0", "COMFY_MAX_CONCURRENT_TEST", "-1", "COMFY_QUEUE_POLL_INTERVAL", "2s", "ENV", "prod");

    assertThat(complaints(environment)).containsExactlyInAnyOrder(
      "limit.concurrent: invalid value '0' (environment variable COMFY_MAX_CONCURRENT):"
        + " expected a whole number, 1 to 100000",
      "limit.concurrent_test: invalid value '-1' (environment variable COMFY_MAX_CONCURRENT_TEST):"
        + " expected a whole number, 1 to 100000",
      "queue.poll_interval: invalid value '2s' (environment variable COMFY_QUEUE_POLL_INTERVAL):"
        + " expected a whole number of seconds, 1 to 3600",
      "env: invalid value 'prod' (environment variable ENV): expected one of development, production");
  }

  @Test
  void environmentBeatsFile() throws IOException {
    Path file = file("http:", "  port: 9000", "  admin_port: 9001");

    Settings settings = load(file, Map.of("ANTEROOM_HTTP_PORT", "9100"));

    assertThat(settings.http().port()).isEqualTo(9100);
    assertThat(settings.http().adminPort()).isEqualTo(9001);
  }

  @Test
  void ownNameBeatsTheNameOfTheStudy() throws IOException {
    Path file = file("limit:", "  concurrent: 4");
    Map<String, String> both = Map.of("COMFY_MAX_CONCURRENT", "5", "ANTEROOM_LIMIT_CONCURRENT", "6");

    assertThat(load(file, both).limit().concurrent()).isEqualTo(6);
    assertThat(load(file, Map.of("COMFY_MAX_CONCURRENT", "5")).limit().concurrent()).isEqualTo(5);
    assertThat(load(file, Map.of()).limit().concurrent()).isEqualTo(4);
  }

  @Test
  void emptyVariableIsNoVariable() {
    assertThat(load(Map.of("ANTEROOM_HTTP_PORT", " ", "COMFY_MAX_CONCURRENT", "")).http().port()).isEqualTo(8080);
  }

  @Test
  void listsDurationsAndSizesAreRead() throws IOException {
    Path file = file("roles: [edge, api]", "cluster:", "  members:", "    - lab1:5701", "    - '[::1]:5701'");

    Settings settings = load(file, Map.of("ANTEROOM_TASK_TIMEOUT", "90s", "ANTEROOM_HTTP_BODY_LIMIT", "1GB"));

    assertThat(settings.roles()).containsExactlyInAnyOrder(Settings.Role.EDGE, Settings.Role.API);
    assertThat(settings.cluster().members()).containsExactly("lab1:5701", "[::1]:5701");
    assertThat(settings.task().timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.http().bodyLimit()).isEqualTo(1L << 30);
  }

  @Test
  void allComplaintsComeAtOnce() throws IOException {
    Path file = file("htp:", "  port: 1", "http:", "  port: 70000", "task:", "  lease: 2s", "  timeout: soon");

    List<String> complaints = complaints(file, Map.of("ANTEROOM_ROLES", "edge,cook", "ANTEROOM_NODE", "a b"));

    assertThat(complaints).containsExactlyInAnyOrder(
      "htp.port: unknown option (%s:2); did you mean http.port?".formatted(file),
      "http.port: invalid value '70000' (%s:4): expected a port, 1-65535".formatted(file),
      "task.lease: invalid value '2s' (%s:6): expected a duration from 3s to 1h, such as 500ms, 15s, 10m or 24h"
        .formatted(file),
      "task.timeout: invalid value 'soon' (%s:7): expected a duration from 1s to 24h, such as 500ms, 15s, 10m or 24h"
        .formatted(file),
      "roles: invalid value 'edge,cook' (environment variable ANTEROOM_ROLES):"
        + " expected one or more of api, dispatch, edge, injection, status, separated by commas",
      "node: invalid value 'a b' (environment variable ANTEROOM_NODE):"
        + " expected a name of letters, digits and . _ -, 64 at most, or nothing");
  }

  @Test
  void unknownVariableIsComplainedOf() {
    assertThat(complaints(Map.of("ANTEROOM_HTTPPORT", "1"))).containsExactly(
      "environment variable ANTEROOM_HTTPPORT: unknown option; did you mean ANTEROOM_HTTP_PORT?");
  }

  @Test
  void variablesThatKubernetesAddsAreLeftAlone() {
    Map<String, String> added = Map.of("ANTEROOM_SERVICE_HOST", "10.0.0.1", "ANTEROOM_PORT", "tcp://10.0.0.1:80",
      "ANTEROOM_PORT_80_TCP_ADDR", "10.0.0.1", "ANTEROOM_REDIS_PORT", "tcp://10.0.0.2:6379");

    assertThat(load(added).redis().port()).isEqualTo(6390);
  }

  @Test
  void settingTwiceInOneFileIsComplainedOf() throws IOException {
    Path file = file("http:", "  port: 9000", "  port: 9001");

    assertThat(complaints(file, Map.of())).containsExactly(
      "http.port: set twice, at %s:2 and at line 3; remove one".formatted(file));
  }

  @Test
  void brokenFileIsComplainedOfWithItsLine() throws IOException {
    Path file = file("http:", "  port: [");

    assertThat(complaints(file, Map.of())).singleElement().asString().startsWith(file + ":3: invalid YAML: ");
  }

  @Test
  void bracketsWithoutEndAreComplainedOf() throws IOException {
    Path file = file("a: " + "[".repeat(100_000));

    assertThat(complaints(file, Map.of())).singleElement().asString().startsWith(file + ": nested too deeply");
    assertThat(complaints(file("http: !!x%00"), Map.of())).singleElement().asString().contains(": invalid YAML: ");
  }

  @Test
  void missingFileIsComplainedOf() {
    Path file = folder.resolve("nowhere.yaml");

    assertThat(complaints(file, Map.of())).singleElement().asString().startsWith(file + ": cannot read file: ");
  }

  @Test
  void passwordOfRedisAppearsNowhere() {
    Map<String, String> right = Map.of("ANTEROOM_REDIS_URL", "redis://lab:s3,cr@t@db:6379/1?password=s3cret");
    Map<String, String> wrong = Map.of("ANTEROOM_REDIS_URL", "http://:s3cret@db");

    ConfigLoader.Loaded loaded = ConfigLoader.load(Optional.empty(), right);

    assertThat(loaded.lines()).contains(
      "redis.url = redis://***@db:6379/1?password=*** (environment variable ANTEROOM_REDIS_URL)");
    assertThat(loaded.settings().toString()).contains("db:6379").doesNotContain("s3c", "cr@t");
    assertThat(complaints(wrong)).singleElement().asString().contains("http://***@db").doesNotContain("s3c");
  }

  @Test
  void wrongSettingsSayThemselvesInOneMessage() {
    assertThatThrownBy(() -> load(Map.of("ANTEROOM_HTTP_PORT", "x", "ANTEROOM_ENV", "x")))
      .hasMessageStartingWith("2 configuration errors:").hasMessageContaining("http.port")
      .hasMessageContaining("env: invalid");
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("anteroom.yaml"), List.of(lines));
  }

  private static Settings load(Map<String, String> environment) {
    return ConfigLoader.load(Optional.empty(), environment).settings();
  }

  private static Settings load(Path file, Map<String, String> environment) {
    return ConfigLoader.load(Optional.of(file), environment).settings();
  }

  private static List<String> complaints(Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(environment)).complaints();
  }

  private static List<String> complaints(Path file, Map<String, String> environment) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> load(file, environment)).complaints();
  }
}
