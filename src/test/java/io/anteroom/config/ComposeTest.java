package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.InstanceAddressPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The lab in containers fits together, as far as that can be seen without starting it. */
class ComposeTest {
  private static final Path DOCKER = Path.of("docker");
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  @Test
  void everyNodeStartsWithItsSettings() throws IOException {
    for (String node : NODES) {
      Settings settings = settings(node);

      assertThat(settings.node()).isEqualTo(node);
      assertThat(settings.cluster().host()).isEqualTo(node);
      assertThat(settings.cluster().members()).containsExactly("node1:5701", "node2:5701", "node3:5701");
      assertThat(settings.redis().url()).contains("redis://:s3cret@redis:6379");
      assertThat(settings.limit().concurrent()).isEqualTo(10);
    }
  }

  @Test
  void nothingIsPublishedBeyondLoopback() throws IOException {
    List<String> published = services().values().stream()
      .flatMap(service -> strings(map(service).get("ports")).stream()).toList();

    assertThat(published).isNotEmpty().doesNotHaveDuplicates().allMatch(port -> port.startsWith("127.0.0.1:"))
      .allMatch(port -> port.endsWith(":8080") || port.endsWith(":8081"));
  }

  @Test
  void redisLosesNothing() throws IOException {
    List<String> command = strings(map(services().get("redis")).get("command"));

    assertThat(command).containsSubsequence("--requirepass", "s3cret")
      .containsSubsequence("--appendonly", "yes", "--appendfsync", "always")
      .containsSubsequence("--maxmemory-policy", "noeviction");
  }

  @Test
  void everyInstanceIsSimulated() throws IOException {
    List<String> command = strings(map(services().get("simulator")).get("command"));
    int first = Integer.parseInt(command.get(command.indexOf("--port") + 1));
    int count = Integer.parseInt(command.get(command.indexOf("--count") + 1));

    Directory directory = DirectoryLoader.read(
      new Settings.Files(DOCKER.resolve("users.csv"), DOCKER.resolve("instances.csv")),
      new InstanceAddressPolicy(Set.of()));

    assertThat(directory.instances()).hasSize(count)
      .allMatch(instance -> instance.url().getHost().equals("simulator"))
      .allMatch(instance -> instance.port() >= first && instance.port() < first + count);
  }

  private static Settings settings(String node) throws IOException {
    Map<String, String> environment = map(map(services().get(node)).get("environment")).entrySet().stream()
      .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toString()));
    return ConfigLoader.load(Optional.empty(), environment).settings();
  }

  private static Map<String, Object> services() throws IOException {
    String text = Files.readString(DOCKER.resolve("compose.yaml"))
      .replaceAll("\\$\\{REDIS_PASSWORD:\\?[^}]*}", "s3cret").replaceAll("\\$\\{\\w+:-([^}]*)}", "$1");
    assertThat(text).doesNotContain("${");
    return map(map(new Load(LoadSettings.builder().build()).loadFromString(text)).get("services"));
  }

  /** With what {@code <<} merges in, which plain YAML leaves to its reader. */
  private static Map<String, Object> map(Object value) {
    Map<String, Object> merged = new HashMap<>();
    Map<?, ?> map = (Map<?, ?>) value;
    if (map.containsKey("<<")) {
      merged.putAll(map(map.get("<<")));
    }
    map.forEach((key, one) -> merged.put(key.toString(), one));
    merged.remove("<<");
    return merged;
  }

  private static List<String> strings(Object value) {
    return value == null ? List.of() : ((List<?>) value).stream().map(Object::toString).toList();
  }
}
