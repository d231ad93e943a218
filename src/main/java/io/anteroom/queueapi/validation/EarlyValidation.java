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
 * Predicts for a waiting run whether its instance will accept it. An instance with a guard is asked by a dry run.
 * Otherwise the run is validated by cached node classes first, which costs nothing; an objection counts only if the
 * instance confirms the classes that it depends on, since a picture may have been uploaded or a model added a second
 * ago. An uncertain objection is dropped.
 */
public final class EarlyValidation {
  private static final Logger log = LoggerFactory.getLogger(EarlyValidation.class);

  private static final int MAX_RESPONSE = 1 << 20;
  /** Each class costs 1 to 2 ms of the instance's event loop, while the submitter waits. */
  private static final int MAX_CLASSES = 6;

  private final ObjectInfoCache infos;
  private final Duration timeout;

  /**
   * @param timeout for an instance to confirm; after it, the workflow is validated at dispatch
   */
  public EarlyValidation(ObjectInfoCache infos, Duration timeout) {
    this.infos = infos;
    this.timeout = timeout;
  }

  /** What the instance would object to, by its cached node classes. */
  public ValidationResult suspected(Run run, Instance home) {
    return run.graph().flatMap(graph -> infos.known(home).map(nodes -> WorkflowValidator.validate(graph, nodes)))
      .filter(result -> result.classes().size() <= MAX_CLASSES)
      .orElse(ValidationResult.NOTHING);
  }

  /** Whether the instance has a guard that supports dry runs, and the run is not large. */
  public boolean canBeAsked(Run run, Instance home) {
    return run.payload().parts() == 1
      && infos.known(home).filter(NodeClasses::judges).isPresent();
  }

  /** Why the instance refuses the run, by a dry run. Never fails. */
  public Future<Optional<TaskError>> asked(Run run, Instance home) {
    return run.payload().part(0)
      .compose(body -> infos.dryRun(home, run.id(), PromptRequest.complete(body.toString(), run.secrets(), 1)))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> {
        log.debug("The dry run at an instance failed: instance={} cause={}", home.name(), failure.toString());
        return Future.succeededFuture(Optional.empty());
      });
  }

  /** The suspected objections that the instance confirms. Never fails. */
  public Future<ValidationResult> confirmed(ValidationResult suspected, Run run, Instance home) {
    return infos.confirm(home, suspected.classes())
      .map(nodes -> validated(run, nodes, suspected))
      .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
      .recover(failure -> notValidated(home, failure));
  }

  private static ValidationResult validated(Run run, NodeClasses nodes, ValidationResult suspected) {
    ValidationResult result = WorkflowValidator.validate(run.graph().orElseThrow(), nodes);
    return suspected.classes().containsAll(result.classes())
      && result.answer().encode().length() <= MAX_RESPONSE ? result : ValidationResult.NOTHING;
  }

  private static Future<ValidationResult> notValidated(Instance home, Throwable failure) {
    log.debug("Could not validate a workflow before dispatch: instance={} cause={}", home.name(), failure.toString());
    return Future.succeededFuture(ValidationResult.NOTHING);
  }
}
