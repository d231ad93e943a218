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
 * What the sessions of one event loop work with.
 *
 * @param context  where all of it happens
 * @param partings shared by the whole node
 * @param grace    how long a session outlives its last browser
 */
record SessionContext(
    Vertx vertx, Context context, Bus bus, WebSocketClient sockets, PendingCloses partings,
    Supplier<Directory> directory,
    Duration grace) {

  /** The instance whose page the user sees now; empty when he has none, or is nobody any more. */
  Optional<String> home(String user) {
    Directory now = directory.get();
    return now.user(user).flatMap(now::home).map(Instance::name);
  }

  /** Whether more than one user's tasks run on it; also of an instance that there is no more, for then nobody knows. */
  boolean isShared(String instance) {
    Directory now = directory.get();
    return now.instance(instance).map(now::isShared).orElse(true);
  }
}
