package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.InstanceAddressPolicy;
import io.anteroom.fuzz.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and lists of any bytes: they are taken, or all that is wrong with them is said. */
class ConfigFuzzTest {
  @TempDir
  private Path folder;

  @Test
  void everyListIsTakenOrComplainedOf() throws IOException {
    Path users = folder.resolve("users.csv");
    Path instances = folder.resolve("instances.csv");
    Fuzz.run("lists", List.of(Files.readString(Path.of("conf", "users.csv")), "\uFEFFusername,display_name,group,role,"
      + "instance\r\n\"a\"\"b\",\"x\ny\",,teacher,\n", Files.readString(Path.of("conf", "instances.csv")),
      "instance,url,pool,slots\na,http://10.0.0.7:8188,p,2\nb,https://gpu.lab/one,p,\n"), input -> {
        Files.write(input.length % 2 == 0 ? users : instances, input);
        Files.write(input.length % 2 == 0 ? instances : users, input);
        try {
          assertThat(DirectoryLoader.read(new Settings.Files(users, instances),
            new InstanceAddressPolicy(Set.of(8080))))
            .isNotNull();
        } catch (InvalidSettingsException wrong) {
          assertThat(wrong.complaints()).isNotEmpty();
        }
      });
  }

  @Test
  void everySettingIsTakenOrComplainedOf() throws IOException {
    Path file = folder.resolve("anteroom.yaml");
    Fuzz.run("settings", List.of(Files.readString(Path.of("conf", "anteroom.yaml")), "http:\n  port: 8080\n",
      "task: {timeout: 10m, lease: 15s}\nlimit.concurrent: 3\n", "a: &a [*a]\n",
      "http: !!java.net.URL [x]\n"), input -> {
        Files.write(file, input);
        String text = new String(input).replace("\0", "");
        try {
          assertThat(ConfigLoader.load(Optional.of(file), Map.of("ANTEROOM_TASK_TIMEOUT", text.lines().findFirst()
            .orElse(""))).lines()).isNotEmpty();
        } catch (InvalidSettingsException wrong) {
          assertThat(wrong.complaints()).isNotEmpty();
        }
      });
  }
}
