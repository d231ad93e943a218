package io.anteroom.config;

import io.anteroom.config.OptionValues.Given;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.config.files.SpellingSuggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads the settings. Precedence: environment, file, default.
 *
 * <p>In the environment {@code ANTEROOM_…} beats the names of the feasibility study; see {@link EnvironmentSource}.
 */
public final class ConfigLoader {
  private static final Path MACHINE_NAME = Path.of("/etc/hostname");

  /**
   * The settings in force.
   *
   * @param lines one for each setting, with its text and source, for the log; without secrets
   */
  public record Loaded(Settings settings, List<String> lines) {
  }

  private ConfigLoader() {
  }

  /**
   * Reads and checks everything.
   *
   * @param file        empty for none
   * @param environment of the process
   * @throws InvalidSettingsException with all errors, if there are any
   */
  public static Loaded load(Optional<Path> file, Map<String, String> environment) {
    Map<String, Given> given = new LinkedHashMap<>();
    List<String> complaints = new ArrayList<>();
    file.ifPresent(path -> new YamlSource(path, given, complaints).read());
    complaints.addAll(unknownKeys(given));
    EnvironmentSource variables = new EnvironmentSource(environment);
    complaints.addAll(variables.complaints());
    variables.putInto(given);
    OptionValues values = new OptionValues(given);
    Settings settings = new SettingsBuilder(values, machine(environment)).settings();
    new SettingsValidator(settings, values).run();
    complaints.addAll(values.complaints());
    if (!complaints.isEmpty()) {
      throw new InvalidSettingsException(complaints);
    }
    return new Loaded(settings, ConfigOptions.ALL.stream().map(setting -> line(setting, values)).toList());
  }

  private static List<String> unknownKeys(Map<String, Given> given) {
    List<String> known = ConfigOptions.ALL.stream().map(ConfigOption::key).toList();
    return given.entrySet().stream().filter(entry -> !known.contains(entry.getKey()))
      .map(entry -> "%s: unknown option (%s); did you mean %s?"
        .formatted(entry.getKey(), entry.getValue().source(), SpellingSuggestion.nearest(entry.getKey(), known)))
      .collect(Collectors.toList());
  }

  private static String line(ConfigOption<?> setting, OptionValues values) {
    return "%s = %s (%s)".formatted(setting.key(), values.shown(setting), values.source(setting));
  }

  /** This machine's name, found without a name server. */
  private static String machine(Map<String, String> environment) {
    return Stream.of(environment.get("HOSTNAME"), environment.get("COMPUTERNAME"), fileOfMachineName(), "node")
      .filter(Objects::nonNull)
      .map(name -> name.strip().replaceAll("[^A-Za-z0-9-].*", ""))
      .filter(name -> name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,50}"))
      .findFirst().orElseThrow();
  }

  private static String fileOfMachineName() {
    try {
      return Files.isReadable(MACHINE_NAME) ? Files.readString(MACHINE_NAME) : null;
    } catch (IOException unreadable) {
      return null;
    }
  }
}
