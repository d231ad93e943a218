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

/** One status socket per instance in use, so that the end of a run is seen when it happens, not at the next poll. */
final class StatusSocketPool {
  private static final Logger log = LoggerFactory.getLogger(StatusSocketPool.class);

  /** How long a socket without a task stays open: the next task often follows. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RECONNECT_BACKOFF = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final StatusSocket sockets;
  private final Supplier<Directory> directory;
  private final String clientId;
  private final Consumer<String> hint;
  private final Map<String, PooledSocket> pool = new HashMap<>();

  /**
   * @param node names the socket at the instance
   * @param hint called with the instance at which something happened
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
  void acquire(String instance) {
    PooledSocket pooled = pool.computeIfAbsent(instance, PooledSocket::new);
    pooled.users++;
    pooled.open();
  }

  /** One task less runs at it. */
  void release(String instance) {
    PooledSocket pooled = pool.get(instance);
    pooled.users--;
    vertx.setTimer(IDLE_TIMEOUT.toMillis(), timer -> pooled.closeIfUnused());
  }

  Future<Void> close() {
    pool.values().forEach(PooledSocket::close);
    pool.clear();
    return Future.succeededFuture();
  }

  /** The socket to one instance, with how many tasks it serves. */
  private final class PooledSocket {
    private final String instance;
    private int users;
    private boolean opening;
    private Listening listening;

    private PooledSocket(String instance) {
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
      log.debug("Could not open a status socket, polling goes on: instance={} cause={}", instance,
        failure.getMessage());
      vertx.setTimer(RECONNECT_BACKOFF.toMillis(), timer -> open());
    }

    private void closed() {
      listening = null;
      hint.accept(instance);
      vertx.setTimer(RECONNECT_BACKOFF.toMillis(), timer -> open());
    }

    private void closeIfUnused() {
      if (users == 0) {
        close();
        pool.remove(instance, this);
      }
    }

    private void close() {
      users = 0;
      if (listening != null) {
        listening.close()
          .onFailure(failure -> log.debug("Could not close a status socket: instance={}", instance, failure));
      }
    }
  }
}
