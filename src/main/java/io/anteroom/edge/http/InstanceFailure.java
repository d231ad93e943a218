package io.anteroom.edge.http;

import io.anteroom.comfy.NoComfy;
import io.anteroom.directory.Instance;
import io.anteroom.task.Refusal;
import io.anteroom.task.Refusal.Code;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.UpgradeRejectedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in words why an instance could not be asked. */
public final class InstanceFailure {
  private static final Logger log = LoggerFactory.getLogger(InstanceFailure.class);

  private static final Set<Code> OF_INSTANCE = Set.of(Code.INSTANCE_DOWN, Code.INSTANCE_SLOW);

  private InstanceFailure() {
  }

  /** @param patience how long the instance had to answer */
  public static Refusal refusal(Instance instance, Throwable failure, Duration patience) {
    Throwable cause = failure instanceof StreamResetException && failure.getCause() != null
      ? failure.getCause() : failure;
    if (cause instanceof Refusal known) {
      return known;
    }
    log.warn("An instance could not be asked: instance={} cause={}", instance.name(), cause.toString());
    if (cause instanceof ConnectionPoolTooBusyException) {
      return Refusals.instanceBusy(instance.name());
    }
    if (cause instanceof TimeoutException) {
      return Refusals.instanceSlow(instance.name(), patience);
    }
    if (cause instanceof UpgradeRejectedException rejected) {
      return Refusals.instanceForeign(instance.name(), String.valueOf(rejected.getStatus()));
    }
    NoComfy seen = NoComfy.of(cause);
    return switch (seen.what()) {
      case SILENT -> Refusals.instanceDown(instance.name(), "");
      case UNTRUSTED -> Refusals.instanceUntrusted(instance.name());
      case FOREIGN -> seen.shown().isEmpty() ? Refusals.instanceDown(instance.name(), cause.getMessage())
        : Refusals.instanceForeign(instance.name(), seen.shown());
    };
  }

  /** Whether it is the instance that failed, not its client. */
  public static boolean isOfInstance(Refusal refusal) {
    return OF_INSTANCE.contains(refusal.code());
  }
}
