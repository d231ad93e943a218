package io.anteroom.queueapi;

import io.anteroom.bus.QueueServices;
import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.bus.QueueServices.Upload;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.queue.Payload;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Rejectable;
import io.anteroom.queueapi.json.StrictJson;
import io.anteroom.queueapi.validation.ApiRefusals;
import io.anteroom.queueapi.validation.EarlyWord;
import io.anteroom.queueapi.validation.Inspection;
import io.anteroom.queueapi.validation.Run;
import io.anteroom.queueapi.validation.Verdict;
import io.anteroom.task.Refusal;
import io.anteroom.task.TaskError;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Looks over what comes in, and asks what its instance would say to it. */
final class Intake {
  static final String NO_ERRORS = "{}";

  private final Supplier<Directory> directory;
  private final long bodyLimit;
  private final EarlyWord early;
  private final Function<Upload, Blocks> uploads;

  /** @param uploads where the blocks of a large body are fetched */
  Intake(Supplier<Directory> directory, long bodyLimit, EarlyWord early, Function<Upload, Blocks> uploads) {
    this.directory = directory;
    this.bodyLimit = bodyLimit;
    this.early = early;
    this.uploads = uploads;
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

  /** Fails with a refusal when the run cannot be made harmless; what the instance objects to others decide upon. */
  Future<Taken> take(Submit submit) {
    Directory now = directory.get();
    User user = now.user(submit.user()).or(() -> now.member(submit.user()))
      .orElseThrow(() -> ApiRefusals.unknownUser(submit.user()));
    String pool = now.pool(user).orElseThrow(() -> ApiRefusals.noInstance(user.name(), user.instance()));
    if (submit.length() > bodyLimit) {
      throw ApiRefusals.tooLarge(submit.length(), bodyLimit);
    }
    return inspected(submit).map(run -> taken(run, user, pool, now.home(user)));
  }

  private Future<Run> inspected(Submit submit) {
    return submit.upload().map(upload -> {
      Blocks blocks = uploads.apply(upload);
      StrictJson reader = new StrictJson(Inspection::keeping);
      int count = (int) ((upload.length() + QueueServices.BLOCK - 1) / QueueServices.BLOCK);
      return Payload.inTurn(0, count, index -> blocks.block(index).map(block -> {
        reader.read(block.getBytes(), 0, block.length());
        return null;
      })).map(read -> Inspection.inspect(submit.user(), reader.end(), blocks));
    }).orElseGet(() -> Future.succeededFuture(Inspection.inspect(submit.user(), submit.body())));
  }

  private Taken taken(Run run, User user, String pool, Optional<Instance> home) {
    boolean asks = home.filter(instance -> early.canBeAsked(run, instance)).isPresent();
    Verdict suspected = home.map(instance -> early.suspected(run, instance)).orElse(Verdict.NOTHING);
    Submission submission = new Submission(run.id(), user.name(), pool, run.front(), run.clientId(),
      run.payload(), run.secrets(),
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
