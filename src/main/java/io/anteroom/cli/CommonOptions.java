package io.anteroom.cli;

import io.anteroom.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The options that all commands share. */
public final class CommonOptions {
  private static final Path DEFAULT_FILE = Path.of("conf", "anteroom.yaml");
  private final Map<String, String> environment;

  @Option(names = "--conf", paramLabel = "FILE", defaultValue = "${env:ANTEROOM_CONF}",
    description = "Configuration file. Default: conf/anteroom.yaml if it exists. Environment variables override it.")
  private Optional<Path> file = Optional.empty();

  public CommonOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Loads the settings; a file given with {@code --conf} must exist. */
  public ConfigLoader.Loaded load() {
    return ConfigLoader.load(file.or(() -> Optional.of(DEFAULT_FILE).filter(Files::exists)), environment);
  }

  /** The version of the jar. */
  public static final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String packaged = CommonOptions.class.getPackage().getImplementationVersion();
      return new String[] {"Anteroom " + Optional.ofNullable(packaged).orElse("(not packaged)"),
        "Java " + System.getProperty("java.version")};
    }
  }
}
