package io.anteroom.dispatch;

import io.anteroom.comfy.StatusSocket;
import io.anteroom.comfy.StatusSocket.Listening;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One socket per instance in use, so that the end of a run is seen when it happens and not at the next poll. */
final class StatusSocketPool {
  private static final Logger log = LoggerFactory.getLogger(StatusSocketPool.class);

  /** How long an instance without a task keeps its socket: the next task often follows. */
  private static final Duration KEEP = Duration.ofSeconds(10);
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final StatusSocket sockets;
  private final Supplier<Directory> directory;
  private final String clientId;
  private final Consumer<String> hint;
  private final Map<String, Ear> ears = new HashMap<>();

  /**
   * @param node names the socket at the instance
   * @param hint told the instance at which something happened
   */
  StatusSocketPool(Vertx vertx, StatusSocket sockets, Supplier<Directory> directory, String node,
      Consumer<String> hint) {
    this.vertx = vertx;
    this.sockets = sockets;
    this.directory = directory;
    this.clientId = "anteroom-watch-" + node;
    this.hint = hint;
  }

  /** One more task runs at this instance. */
  void use(String instance) {
    Ear ear = ears.computeIfAbsent(instance, Ear::new);
    ear.users++;
    ear.open();
  }

  /** One task less runs at it. */
  void leave(String instance) {
    Ear ear = ears.get(instance);
    ear.users--;
    vertx.setTimer(KEEP.toMillis(), timer -> ear.closeIfUnused());
  }

  Future<Void> close() {
    ears.values().forEach(Ear::hangUp);
    ears.clear();
    return Future.succeededFuture();
  }

  /** The socket to one instance, with how many tasks it serves. */
  private final class Ear {
    private final String instance;
    private int users;
    private boolean opening;
    private Listening listening;

    private Ear(String instance) {
      this.instance = instance;
    }

    private void open() {
      if (opening || listening != null || users == 0) {
        return;
      }
      opening = true;
      directory.get().instance(instance).map(this::listen)
        .orElseGet(() -> Future.failedFuture("no instance is named " + instance))
        .onComplete(this::opened, this::failed);
    }

    private Future<Listening> listen(Instance at) {
      return sockets.listen(at, clientId, () -> hint.accept(instance), this::closed);
    }

    private void opened(Listening opened) {
      opening = false;
      listening = opened;
      hint.accept(instance);
      closeIfUnused();
    }

    private void failed(Throwable failure) {
      opening = false;
      log.debug("No socket to the instance, the poll goes on: instance={} cause={}", instance, failure.getMessage());
      vertx.setTimer(OPEN_AGAIN.toMillis(), timer -> open());
    }

    private void closed() {
      listening = null;
      hint.accept(instance);
      vertx.setTimer(OPEN_AGAIN.toMillis(), timer -> open());
    }

    private void closeIfUnused() {
      if (users == 0) {
        hangUp();
        ears.remove(instance, this);
      }
    }

    private void hangUp() {
      users = 0;
      if (listening != null) {
        listening.close()
          .onFailure(failure -> log.debug("A socket would not close: instance={}", instance, failure));
      }
    }
  }
}
