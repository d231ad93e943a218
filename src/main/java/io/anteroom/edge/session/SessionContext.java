package io.anteroom.edge.session;

import io.anteroom.bus.Bus;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The context that the sessions of one event loop share.
 *
 * @param loop          the event loop
 * @param pendingCloses shared by the whole node
 * @param grace         how long a session outlives its last browser
 */
record SessionContext(
    Vertx vertx, Context loop, Bus bus, WebSocketClient sockets, PendingCloses pendingCloses,
    Supplier<Directory> directory, Duration grace) {

  /** The instance whose page the user sees now; empty when there is none, or the user was removed. */
  Optional<String> home(String user) {
    Directory now = directory.get();
    return now.user(user).flatMap(now::home).map(Instance::name);
  }

  /** Whether more than one user's tasks run on it; true for a removed instance, of which that is unknown. */
  boolean isShared(String instance) {
    Directory now = directory.get();
    return now.instance(instance).map(now::isShared).orElse(true);
  }
}
