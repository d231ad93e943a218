package io.anteroom.simulator;

import io.vertx.core.Vertx;
import java.time.Clock;

/** What the execution of prompts on one instance needs. */
record Machine(
    Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog, OutputCache cache, Files files,
    Sockets sockets, ComfyLoop loop) {

  static Machine of(Vertx vertx, Clock clock, ComfyVersion version, NodeCatalog catalog) {
    ComfyLoop loop = new ComfyLoop(vertx);
    return new Machine(vertx, clock, version, catalog, new OutputCache(), new Files(clock), new Sockets(loop), loop);
  }
}
