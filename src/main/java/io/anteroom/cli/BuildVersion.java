package io.anteroom.cli;

import io.anteroom.Anteroom;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built as. */
public final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String packaged = Anteroom.class.getPackage().getImplementationVersion();
    return new String[] {"Anteroom " + Optional.ofNullable(packaged).orElse("(not packaged)"),
      "Java " + System.getProperty("java.version")};
  }
}
