package io.anteroom.api;

import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.config.Directory;
import io.anteroom.config.Instance;
import io.anteroom.config.User;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queue.Submission;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks over what comes in, and asks what its instance would say to it. */
final class Intake {
  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final EarlyWord early;

  Intake(Supplier<Directory> directory, long bodyLimit, EarlyWord early) {
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.early = early;
  }

  /**
   * A run that may be stored.
   *
   * @param suspected what its instance probably objects to
   */
  record Taken(Submission submission, Run run, Optional<Instance> home, Verdict suspected) {
  }

  /** Throws a refusal when the run cannot be made harmless; what the instance objects to others decide upon. */
  Taken take(Submit submit) {
    Directory now = directory.get();
    User user = now.user(submit.user()).or(() -> now.member(submit.user()))
      .orElseThrow(() -> ApiRefusals.unknownUser(submit.user()));
    String pool = now.pool(user).orElseThrow(() -> ApiRefusals.noInstance(user.name(), user.instance()));
    if (submit.body().length() > bodyLimit) {
      throw ApiRefusals.tooLarge(submit.body().length(), bodyLimit);
    }
    Run run = Inspection.inspect(submit.user(), submit.body());
    Optional<Instance> home = now.home(user);
    Verdict suspected = home.map(instance -> early.suspected(run, instance)).orElse(Verdict.NOTHING);
    Submission submission = new Submission(run.id(), user.name(), pool, run.front(), run.clientId(),
      run.body().stored(), run.body().secrets(), suspected.objects() ? Rejectable.ANYHOW : Rejectable.AT_START);
    return new Taken(submission, run, home, suspected);
  }

  /** What the instance of a run that has to wait certainly objects to. Never fails. */
  Future<Verdict> objection(Taken taken) {
    return taken.suspected().objects()
      ? early.confirmed(taken.suspected(), taken.run(), taken.home().orElseThrow())
      : Future.succeededFuture(Verdict.NOTHING);
  }
}
