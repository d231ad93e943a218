package io.anteroom.simulator.execution;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.comfyui.NodeCatalog;
import io.anteroom.simulator.files.AssetStore;
import io.anteroom.simulator.files.FileStore;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** The dependencies for executing prompts on one instance. */
public record Machine(
    Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog, OutputCache cache, FileStore files,
    Sockets sockets, ComfyLoop loop) {

  public static Machine of(Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog, boolean assets) {
    ComfyLoop loop = new ComfyLoop(vertx);
    FileStore files = new FileStore(clock,
      assets && version.hasAssets() ? Optional.of(new AssetStore(clock)) : Optional.empty());
    return new Machine(vertx, clock, version, catalog, new OutputCache(), files, new Sockets(loop), loop);
  }
}
