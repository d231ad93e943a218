package io.anteroom;

import io.anteroom.cli.BuildVersion;
import io.anteroom.cli.SettingsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code demo}: everything in one process, to look at. */
@Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Starts a node with an embedded Redis, simulated ComfyUIs and the students alice and bob.")
final class DemoCommand implements Runnable {
  private final Starter demo;

  @Mixin
  private final SettingsOption settings;

  DemoCommand(Starter demo, SettingsOption settings) {
    this.demo = demo;
    this.settings = settings;
  }

  @Override
  public void run() {
    demo.start(settings.load());
  }
}
