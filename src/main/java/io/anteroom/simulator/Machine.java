package io.anteroom.simulator;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** What the execution of prompts on one instance needs. */
record Machine(
    Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog, OutputCache cache, Files files,
    Sockets sockets, ComfyLoop loop) {

  static Machine of(Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog, boolean assets) {
    ComfyLoop loop = new ComfyLoop(vertx);
    Files files = new Files(clock,
      assets && version.hasAssets() ? Optional.of(new AssetStore(clock)) : Optional.empty());
    return new Machine(vertx, clock, version, catalog, new OutputCache(), files, new Sockets(loop), loop);
  }
}
