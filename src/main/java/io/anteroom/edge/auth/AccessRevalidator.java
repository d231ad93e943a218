package io.anteroom.edge.auth;

import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Looks again and again whether those who hold something open may still have it: whoever signed out, was revoked, or is
 * not in the lab any more, is shown out.
 */
public final class AccessRevalidator {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final Vertx vertx;
  private final Authorizer authenticator;

  public AccessRevalidator(Vertx vertx, Authorizer authenticator) {
    this.vertx = vertx;
    this.authenticator = authenticator;
  }

  /** Somebody's welcome, which lasts until it is over or he has gone. */
  public interface Welcome {
    /** Done when he may not stay; never, when he goes before. */
    Future<Void> over();

    /** He has gone: nobody looks any more. */
    void end();
  }

  /** Begins to look after somebody who was let in to what belongs to {@code owner}. */
  public Welcome begin(HttpServerRequest request, String owner) {
    return new Lasting(request, owner);
  }

  private final class Lasting implements Welcome {
    private final HttpServerRequest request;
    private final String owner;
    private final long timer;
    private Runnable showOut = () -> { };
    private final Future<Void> over = Future.future(done -> showOut = done::tryComplete);

    private Lasting(HttpServerRequest request, String owner) {
      this.request = request;
      this.owner = owner;
      this.timer = vertx.setPeriodic(BETWEEN_LOOKS.toMillis(), tick -> look());
    }

    @Override
    public Future<Void> over() {
      return over;
    }

    @Override
    public void end() {
      vertx.cancelTimer(timer);
    }

    private void look() {
      authenticator.ownerOf(request, owner).onFailure(failure -> {
        if (isFinal(failure)) {
          end();
          showOut.run();
        }
      });
    }
  }

  /** A store that does not answer says nothing about anybody. */
  private static boolean isFinal(Throwable failure) {
    return failure instanceof ApiException refusal
      && refusal.code().status() >= UNAUTHORIZED && refusal.code().status() <= NOT_FOUND;
  }
}
