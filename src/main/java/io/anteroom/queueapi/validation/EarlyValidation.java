package io.anteroom.queueapi.validation;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.objectinfo.NodeClasses;
import io.anteroom.comfy.objectinfo.ObjectInfoCache;
import io.anteroom.directory.Instance;
import io.anteroom.queueapi.validation.RequestSanitizer.Run;
import io.anteroom.task.TaskError;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a run that has to wait what its instance would say when its turn has come. Where the instance has a guard,
 * that is asked. Elsewhere the run is judged by what is known first, which costs nothing; an objection stands when the
 * instance confirms, class by class, what it rests on: a picture may have been uploaded, a model added a second ago.
 * Where something is uncertain there is no objection.
 */
public final class EarlyValidation {
  private static final Logger log = LoggerFactory.getLogger(EarlyValidation.class);

  private static final int LONGEST_ANSWER = 1 << 20;
  /** Each class costs the instance 1 to 2 ms of its loop, and the run's submitter waits. */
  private static final int MAX_CLASSES = 6;

  private final ObjectInfoCache infos;
  private final Duration timeout;

  /**
   * @param timeout how long an instance may take to confirm; after it, the workflow is judged when its turn has come
   */
  public EarlyValidation(ObjectInfoCache infos, Duration timeout) {
    this.infos = infos;
    this.timeout = timeout;
  }

  /** What the instance would object to if it were still as it was when it was asked last. */
  public ValidationResult suspected(Run run, Instance home) {
    return run.graph().flatMap(graph -> infos.known(home).map(nodes -> WorkflowValidator.judge(graph, nodes)))
      .filter(verdict -> verdict.classes().size() <= MAX_CLASSES)
      .orElse(ValidationResult.NOTHING);
  }

  /** Whether the instance has a guard that can be asked without anything being started, and the run is not large. */
  public boolean canBeAsked(Run run, Instance home) {
    return run.payload().parts() == 1
      && infos.known(home).filter(NodeClasses::judges).isPresent();
  }

  /** Why the instance refuses the run, as it says itself. Never fails. */
  public Future<Optional<TaskError>> asked(Run run, Instance home) {
    return run.payload().part(0)
      .compose(body -> infos.dryRun(home, run.id(), PromptRequest.complete(body.toString(), run.secrets(), 1)))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> {
        log.debug("The guard of an instance does not judge: instance={} cause={}", home.name(), failure.toString());
        return Future.succeededFuture(Optional.empty());
      });
  }

  /** What of a suspicion the instance confirms. Never fails. */
  public Future<ValidationResult> confirmed(ValidationResult suspected, Run run, Instance home) {
    return infos.confirm(home, suspected.classes())
      .map(nodes -> judged(run, nodes, suspected))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> unjudged(home, failure));
  }

  private static ValidationResult judged(Run run, NodeClasses nodes, ValidationResult suspected) {
    ValidationResult verdict = WorkflowValidator.judge(run.graph().orElseThrow(), nodes);
    return suspected.classes().containsAll(verdict.classes())
      && verdict.answer().encode().length() <= LONGEST_ANSWER ? verdict : ValidationResult.NOTHING;
  }

  private static Future<ValidationResult> unjudged(Instance home, Throwable failure) {
    log.debug("A workflow could not be judged before its turn: instance={} cause={}", home.name(), failure.toString());
    return Future.succeededFuture(ValidationResult.NOTHING);
  }
}
