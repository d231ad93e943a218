package io.anteroom.api;

import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.config.Directory;
import io.anteroom.config.Instance;
import io.anteroom.config.User;
import io.anteroom.queue.Submission;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks over what comes in, and hears what its instance would say to it. */
final class Intake {
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final EarlyWord early;

  Intake(Supplier<Directory> directory, long bodyLimit, EarlyWord early) {
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.early = early;
  }

  /** What may be stored, and what its instance objects to. */
  record Taken(Submission submission, Verdict verdict) {
  }

  /** Fails with a refusal when the run cannot be made harmless; what the instance objects to others decide upon. */
  Future<Taken> take(Submit submit) {
    Directory now = directory.get();
    User user = now.user(submit.user()).or(() -> now.member(submit.user()))
      .orElseThrow(() -> ApiRefusals.unknownUser(submit.user()));
    String pool = now.pool(user).orElseThrow(() -> ApiRefusals.noInstance(user.name(), user.instance()));
    if (submit.body().length() > bodyLimit) {
      throw ApiRefusals.tooLarge(submit.body().length(), bodyLimit);
    }
    Run run = Inspection.inspect(submit.user(), submit.body());
    Submission submission =
      new Submission(run.id(), user.name(), pool, run.front(), run.clientId(), run.body().stored(),
        run.body().secrets());
    return verdict(run, now.home(user)).map(verdict -> new Taken(submission, verdict));
  }

  private Future<Verdict> verdict(Run run, Optional<Instance> home) {
    return home.map(instance -> early.on(run, instance)).orElse(Future.succeededFuture(Verdict.NOTHING));
  }
}
