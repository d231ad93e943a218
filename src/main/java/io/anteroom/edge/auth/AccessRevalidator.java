package io.anteroom.edge.auth;

import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Revalidates access to open sockets and event streams at intervals (continuous access evaluation): a user who signed
 * out, was revoked, or left the lab is disconnected.
 */
public final class AccessRevalidator {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final Vertx vertx;
  private final Authorizer authorizer;

  public AccessRevalidator(Vertx vertx, Authorizer authorizer) {
    this.vertx = vertx;
    this.authorizer = authorizer;
  }

  /** The access of one open connection, checked until it is revoked or the connection ends. */
  public interface Lease {
    /** Done when access is revoked; never, when the connection ends before. */
    Future<Void> revoked();

    /** The connection has ended: access is checked no longer. */
    void end();
  }

  /** Begins to check a request that was granted access to what belongs to {@code owner}. */
  public Lease begin(HttpServerRequest request, String owner) {
    return new CheckedLease(request, owner);
  }

  private final class CheckedLease implements Lease {
    private final HttpServerRequest request;
    private final String owner;
    private final long timer;
    private Runnable revoke = () -> { };
    private final Future<Void> revoked = Future.future(done -> revoke = done::tryComplete);

    private CheckedLease(HttpServerRequest request, String owner) {
      this.request = request;
      this.owner = owner;
      this.timer = vertx.setPeriodic(INTERVAL.toMillis(), tick -> check());
    }

    @Override
    public Future<Void> revoked() {
      return revoked;
    }

    @Override
    public void end() {
      vertx.cancelTimer(timer);
    }

    private void check() {
      authorizer.ownerOf(request, owner).onFailure(failure -> {
        if (isFinal(failure)) {
          end();
          revoke.run();
        }
      });
    }
  }

  /** A store that does not answer revokes nothing. */
  private static boolean isFinal(Throwable failure) {
    return failure instanceof ApiException error
      && error.code().status() >= UNAUTHORIZED && error.code().status() <= NOT_FOUND;
  }
}
