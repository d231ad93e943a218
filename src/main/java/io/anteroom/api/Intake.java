package io.anteroom.api;

import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.config.Directory;
import io.anteroom.config.Instance;
import io.anteroom.config.User;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queue.Submission;
import io.anteroom.task.Refusal;
import io.anteroom.task.TaskError;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks over what comes in, and asks what its instance would say to it. */
final class Intake {
  static final String NO_ERRORS = "{}";

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
   * @param asks      whether its instance can be asked what it objects to
   */
  record Taken(Submission submission, Run run, Optional<Instance> home, Verdict suspected, boolean asks) {
    /** Whether there may be an objection to it although it has to wait. */
    boolean isUndecided() {
      return asks || suspected.objects();
    }
  }

  /** What is to be said against a run: all of it, or the parts that will not run. */
  record Objection(Optional<Refusal> refusal, String nodeErrors) {
    private static Objection of(Verdict verdict) {
      return verdict.error().isPresent()
        ? new Objection(Optional.of(ApiRefusals.asComfySays(verdict.answer())), NO_ERRORS)
        : new Objection(Optional.empty(), verdict.nodeErrors().encode());
    }
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
    boolean asks = home.filter(instance -> early.canBeAsked(run, instance)).isPresent();
    Verdict suspected = home.map(instance -> early.suspected(run, instance)).orElse(Verdict.NOTHING);
    Submission submission = new Submission(run.id(), user.name(), pool, run.front(), run.clientId(),
      run.body().stored(), run.body().secrets(),
      asks || suspected.objects() ? Rejectable.ANYHOW : Rejectable.AT_START);
    return new Taken(submission, run, home, suspected, asks);
  }

  /** What the instance of a run that has to wait certainly objects to. Never fails. */
  Future<Objection> objection(Taken taken) {
    Future<Optional<TaskError>> asked = taken.asks() ? early.asked(taken.run(), taken.home().orElseThrow())
      : Future.succeededFuture(Optional.empty());
    return asked.compose(error -> error.isPresent()
      ? Future.succeededFuture(new Objection(error.map(Refusal::byComfyUi), NO_ERRORS))
      : confirmed(taken).map(Objection::of));
  }

  private Future<Verdict> confirmed(Taken taken) {
    return taken.suspected().objects()
      ? early.confirmed(taken.suspected(), taken.run(), taken.home().orElseThrow())
      : Future.succeededFuture(Verdict.NOTHING);
  }
}
