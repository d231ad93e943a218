package io.anteroom.support.browser;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.support.Commands;
import io.anteroom.support.MachineLock;
import io.anteroom.support.client.PythonPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * ComfyUI's own pages of several years, as they are published: got with pip when a test asks for one, and kept in the
 * user's cache for the next time.
 */
public final class FrontEnds {
  private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "anteroom", "front-ends");
  private static final String PACKAGE = "comfyui-frontend-package";
  private static final String PAGE = "comfyui_frontend_package/static/";
  private static final Commands COMMANDS = new Commands("front-ends.log");

  private FrontEnds() {
  }

  /** The page of this version and the simulated ComfyUI of its time. */
  public static FrontEnd of(String version) {
    Path folder = CACHE.resolve(version);
    if (!Files.exists(folder)) {
      fetch(version, folder);
    }
    return new FrontEnd(version, generation(version), folder);
  }

  /** A page in a folder, and the version of ComfyUI that it talks to. */
  public record FrontEnd(String version, ComfyVersion comfy, Path folder) {
    @Override
    public String toString() {
      return version;
    }
  }

  /** Of the releases of ComfyUI that are simulated, the one nearest to those that the page came with. */
  private static ComfyVersion generation(String version) {
    int minor = Integer.parseInt(version.split("\\.")[1]);
    return minor < 35 ? ComfyVersion.V0_3_64 : minor < 37 ? ComfyVersion.V0_8_0 : ComfyVersion.V0_28_0;
  }

  /** One JVM at a time; who came second finds it there. */
  private static synchronized void fetch(String version, Path folder) {
    MachineLock.by(CACHE.resolve("lock"), () -> {
      if (!Files.exists(folder)) {
        unpack(download(version), folder);
      }
      return folder;
    });
  }

  private static Path download(String version) throws IOException {
    Path into = Files.createTempDirectory(CACHE, "wheel");
    String[] download = {"python3", "-m", "pip", "download", "--no-deps", "--no-input", "--disable-pip-version-check",
      "--dest", into.toString(), PACKAGE + "==" + version};
    if (!COMMANDS.run(download)) {
      boolean hasPip = COMMANDS.run("python3", "-m", "pip", "--version");
      if (hasPip || !COMMANDS.install("python3-pip") || !COMMANDS.run(download)) {
        throw new IllegalStateException("pip could not get %s %s, %s says why. The tests need python3 with pip."
          .formatted(PACKAGE, version, COMMANDS));
      }
    }
    try (Stream<Path> files = Files.list(into)) {
      return files.findFirst().orElseThrow();
    }
  }

  /** The folder has its name only once everything is in it. */
  private static void unpack(Path wheel, Path folder) throws IOException {
    Path partial = wheel.resolveSibling("page");
    new PythonPackage(wheel).unpack(PAGE, partial);
    Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    for (Path done : List.of(wheel, wheel.getParent())) {
      Files.delete(done);
    }
  }
}
