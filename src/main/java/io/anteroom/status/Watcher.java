package io.anteroom.status;

import io.anteroom.bus.StatusServices.Answer;
import io.vertx.core.Promise;

/** A question whose answer is held back until something changes. Touched by its verticle's event loop alone. */
final class Watcher {
  private final Subject subject;
  private final Promise<Answer> reply;
  private Answer latest;

  Watcher(Subject subject, Answer latest, Promise<Answer> reply) {
    this.subject = subject;
    this.latest = latest;
    this.reply = reply;
  }

  Subject subject() {
    return subject;
  }

  /** Whether this picture is another one than the asker has; keeps its estimates if not. */
  boolean isNews(Answer now) {
    boolean news = !now.version().equals(latest.version());
    latest = now;
    return news;
  }

  /** Answers with what was seen last. */
  void answer() {
    reply.tryComplete(latest);
  }

  void refuse(Throwable why) {
    reply.tryFail(why);
  }
}
