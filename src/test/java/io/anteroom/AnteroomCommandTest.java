package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.Anteroom.Starter;
import io.anteroom.config.ConfigLoader;
import io.anteroom.node.Launcher.CouldNotStart;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AnteroomCommandTest {
  private final List<ConfigLoader.Loaded> started = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir
  private Path folder;

  @Test
  void startIsTheDefault() {
    assertThat(run(Map.of("ANTEROOM_HTTP_PORT", "9000"))).isZero();
    assertThat(run(Map.of("ANTEROOM_HTTP_PORT", "9000"), "start")).isZero();

    assertThat(started).hasSize(2).allMatch(loaded -> loaded.settings().http().port() == 9000);
  }

  @Test
  void settingsComeFromTheFileNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("lab.yaml"), "http:\n  port: 9000\n");

    assertThat(run(Map.of(), "--conf", file.toString())).isZero();
    assertThat(run(Map.of(), "start", "--conf", file.toString())).isZero();
    assertThat(run(Map.of(), "demo", "--conf", file.toString())).isZero();

    assertThat(started).hasSize(3).allMatch(loaded -> loaded.settings().http().port() == 9000);
  }

  @Test
  void wrongSettingsAreToldAllAtOnceAndEndWithTwo() {
    int code = run(Map.of("ANTEROOM_HTTP_PORT", "x", "COMFY_MAX_CONCURRENT", "0"), "start");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("2 configuration errors")
      .contains("http.port: invalid value 'x' (environment variable ANTEROOM_HTTP_PORT)")
      .contains("limit.concurrent: invalid value '0' (environment variable COMFY_MAX_CONCURRENT)")
      .doesNotContain("\tat ");
    assertThat(started).isEmpty();
  }

  @Test
  void fileThatIsNamedMustBeThere() {
    assertThat(run(Map.of(), "--conf", folder.resolve("nowhere.yaml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("nowhere.yaml: cannot read file");
  }

  @Test
  void whatIsInTheWayIsSaidAndEndsWithOne() {
    Starter blocked = loaded -> {
      throw new CouldNotStart("port 8080 is taken", null);
    };

    assertThat(run(commandLine(Map.of(), blocked), "start")).isEqualTo(1);
    assertThat(err.toString()).isEqualToNormalizingNewlines("Anteroom could not start: port 8080 is taken\n");
  }

  @Test
  void portThatASimulatedInstanceCannotHaveIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(run(Map.of(), "simulate", "--count", "1", "--port", port)).isEqualTo(1);
      assertThat(err.toString()).contains("--port " + port).doesNotContain("\tat ");
    }
  }

  @Test
  void aSimulatorThatCannotBeIsRefusedInWords() {
    assertThat(run(Map.of(), "simulate", "--count", "0")).isEqualTo(2);
    assertThat(run(Map.of(), "simulate", "--comfyui", "1.2")).isEqualTo(2);

    assertThat(err.toString()).contains("instances >= 1").contains("1.2").doesNotContain("\tat ");
  }

  @Test
  void mistakeOfOursIsShownWithItsTrace() {
    Starter broken = loaded -> {
      throw new IllegalStateException("on purpose");
    };

    assertThat(run(commandLine(Map.of(), broken))).isEqualTo(1);
    assertThat(err.toString()).contains("could not start: on purpose", "\tat ");
  }

  @Test
  void unknownOptionEndsWithTwoAndShowsTheUsage() {
    assertThat(run(Map.of(), "--cnf", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("--cnf", "Usage:");
  }

  @Test
  void helpNamesTheCommandsAndVersionTheVersion() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(run(Map.of(), "--version")).isZero();

    assertThat(out.toString()).contains("start", "demo", "doctor", "--conf", "Exit codes:", "Anteroom ", "Java ");
    assertThat(started).isEmpty();
  }

  @Test
  void doctorReportsWrongSettings() {
    Map<String, String> wrong = Map.of("ANTEROOM_HTTP_PORT", "x", "ANTEROOM_ENV", "y");

    assertThat(run(wrong, "doctor")).isEqualTo(1);
    assertThat(out.toString()).contains("✗ settings  http.port: invalid value 'x'",
        "✗ settings  env: invalid value 'y'", "2 errors");
  }

  @Test
  void doctorReportsAsJsonToo() {
    assertThat(run(Map.of("ANTEROOM_HTTP_PORT", "x"), "doctor", "--json")).isEqualTo(1);

    JsonObject report = new JsonObject(out.toString());
    assertThat(report.getBoolean("ok")).isFalse();
    assertThat(report.getJsonArray("findings").getJsonObject(0).getString("level")).isEqualTo("wrong");
  }

  private int run(Map<String, String> environment, String... arguments) {
    return run(commandLine(environment, started::add), arguments);
  }

  private static CommandLine commandLine(Map<String, String> environment, Starter starter) {
    return Anteroom.commandLine(environment, starter, starter);
  }

  private int run(CommandLine line, String... arguments) {
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }
}
