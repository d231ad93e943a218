package io.anteroom.cli;

import io.anteroom.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The option that says where the settings are. */
public final class CommonOptions {
  private static final Path STANDARD = Path.of("conf", "anteroom.yaml");
  private final Map<String, String> environment;

  @Option(names = "--conf", paramLabel = "FILE", defaultValue = "${env:ANTEROOM_CONF}",
    description = "The file of settings; conf/anteroom.yaml when there is one. Environment variables beat it.")
  private Optional<Path> file = Optional.empty();

  public CommonOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The settings in force; a file that was named must be there. */
  public ConfigLoader.Loaded load() {
    return ConfigLoader.load(file.or(() -> Optional.of(STANDARD).filter(Files::exists)), environment);
  }

  /** The version that the jar was built as. */
  public static final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String packaged = CommonOptions.class.getPackage().getImplementationVersion();
      return new String[] {"Anteroom " + Optional.ofNullable(packaged).orElse("(not packaged)"),
        "Java " + System.getProperty("java.version")};
    }
  }
}
