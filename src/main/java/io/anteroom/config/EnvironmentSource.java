package io.anteroom.config;

import io.anteroom.config.OptionValues.Given;
import io.anteroom.config.files.SpellingSuggestion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads settings from environment variables.
 *
 * <p>{@code ANTEROOM_…} beats the names of the feasibility study: {@code ENV} and {@code COMFY_…} may be set for
 * the whole machine or for the teaching system beside Anteroom. An empty variable counts as unset, since compose files
 * and unit files pass on empty ones.
 */
final class EnvironmentSource {
  private static final String OURS = "ANTEROOM_";
  /** Read by logback.xml and by the command line, before there are settings. */
  private static final List<String> READ_ELSEWHERE = List.of("ANTEROOM_LOG_LEVEL", "ANTEROOM_CONF");
  /** What Kubernetes adds to every container when a service is called anteroom or anteroom-something. */
  private static final Pattern SERVICE_LINK = Pattern.compile(".*_SERVICE_(HOST|PORT)(_.*)?|.*_PORT_\\d+_(TCP|UDP).*");

  private final Map<String, String> environment;

  EnvironmentSource(Map<String, String> environment) {
    this.environment = new TreeMap<>(environment);
  }

  /** Overrides what was given before. */
  void putInto(Map<String, Given> given) {
    for (ConfigOption<?> setting : ConfigOptions.ALL) {
      setting.study().ifPresent(study -> put(setting, study.variable(), true, given));
      put(setting, setting.variable(), false, given);
    }
  }

  /** Variables with our prefix that match no setting. */
  List<String> complaints() {
    Map<String, ConfigOption<?>> known = ConfigOptions.ALL.stream()
      .collect(Collectors.toMap(ConfigOption::variable, key -> key));
    return environment.keySet().stream()
      .filter(name -> name.startsWith(OURS) && !known.containsKey(name) && !READ_ELSEWHERE.contains(name))
      .filter(name -> !isServiceLink(name))
      .map(name -> "environment variable %s: unknown option; did you mean %s?"
        .formatted(name, SpellingSuggestion.nearest(name, known.keySet())))
      .toList();
  }

  private void put(ConfigOption<?> setting, String name, boolean byStudyName, Map<String, Given> given) {
    String text = environment.getOrDefault(name, "").strip();
    if (!text.isEmpty() && !isServiceLink(name) && !isShellFile(name, text)) {
      given.put(setting.key(), new Given(text, "environment variable " + name, byStudyName));
    }
  }

  private boolean isServiceLink(String name) {
    return SERVICE_LINK.matcher(name).matches()
      || name.endsWith("_PORT") && environment.get(name).matches("(tcp|udp)://.*");
  }

  /** A POSIX shell's own {@code ENV} is the path of its start-up file. */
  private static boolean isShellFile(String name, String text) {
    return name.equals("ENV") && (text.contains("/") || text.startsWith("$"));
  }
}
