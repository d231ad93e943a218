package io.anteroom;

import io.anteroom.cli.BuildVersion;
import io.anteroom.cli.SettingsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code start}: one node with the settings given. */
@Command(name = "start", description = "Starts a node (this is the default).", mixinStandardHelpOptions = true,
  versionProvider = BuildVersion.class)
final class StartCommand implements Runnable {
  private final Starter node;

  @Mixin
  private final SettingsOption settings;

  StartCommand(Starter node, SettingsOption settings) {
    this.node = node;
    this.settings = settings;
  }

  @Override
  public void run() {
    node.start(settings.load());
  }
}
