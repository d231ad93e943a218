package io.anteroom.dispatch;

import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.directory.Instance;
import io.anteroom.directory.UserName;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Active health checks: polls all instances, also those that drain, and reports to the store which of them answer; then
 * gives up on tasks whose instance has been out for too long.
 *
 * <p>Every dispatching node does so; the store decides what is news, and whether an instance that answers gets tasks.
 */
final class InstanceHealthChecker {
  private static final Logger log = LoggerFactory.getLogger(InstanceHealthChecker.class);

  private final RunContext context;
  private final Map<String, InstanceHealth> health = new HashMap<>();

  InstanceHealthChecker(RunContext context) {
    this.context = context;
  }

  /** Polls all instances at the same time, then gives up: what the store has of silent ones is true only after that. */
  Future<Void> checkAll() {
    List<Instance> instances = context.watched();
    health.keySet().retainAll(instances.stream().map(Instance::name).collect(Collectors.toSet()));
    List<Future<Void>> checks = new ArrayList<>();
    instances.forEach(instance -> checks.add(check(instance)));
    return Future.join(checks).compose(checked -> giveUp());
  }

  /** A node reported the state of an instance: this one reports at its next check what it sees itself. */
  void onEvent(InstanceEvent event) {
    health.computeIfPresent(event.instance(), (name, seen) -> {
      seen.reportAgain();
      return seen;
    });
  }

  /** A run at the instance published its progress, so the instance lives, whether or not it has time to answer. */
  Future<Void> onProgress(String instance) {
    InstanceHealth seen = health.get(instance);
    return seen != null && seen.onProgress()
      ? context.queue().setInstanceState(instance, InstanceState.HEARD, "").mapEmpty() : Future.succeededFuture();
  }

  private Future<Void> check(Instance instance) {
    InstanceHealth seen = health.computeIfAbsent(instance.name(), unknown -> new InstanceHealth());
    return context.comfy().remaining(instance).compose(
      remaining -> seen.onAnswer()
        ? report(instance, seen, remaining == 0 ? InstanceState.IDLE : InstanceState.UP, "")
        : Future.succeededFuture(),
      failure -> missed(instance, seen, failure));
  }

  private Future<Void> missed(Instance instance, InstanceHealth seen, Throwable failure) {
    log.debug("The instance does not answer: instance={} cause={}", instance.name(), failure.getMessage());
    String reason = NotComfyUi.of(failure).outage(instance.name()).stored();
    return seen.onMiss(reason) ? report(instance, seen, InstanceState.DOWN, reason) : Future.succeededFuture();
  }

  private Future<Void> report(Instance instance, InstanceHealth seen, InstanceState state, String reason) {
    return context.queue().setInstanceState(instance.name(), instance.url().toString(), state, reason)
      .onFailure(storeIsAway -> seen.reportAgain())
      .map(news -> {
        if (news == News.NOT_YET) {
          seen.reportAgain();
        } else if (news == News.CHANGED) {
          publish(instance, state, reason);
        }
        return null;
      });
  }

  private void publish(Instance instance, InstanceState state, String reason) {
    String cause = InstanceOutage.sentence(reason);
    log.info("Instance changed: instance={} state={} cause={}", instance.name(), state, cause);
    context.bus().publish(Events.INSTANCE, new InstanceEvent(instance.name(), state.name(), cause));
    if (state != InstanceState.DOWN) {
      context.bus().publish(Events.WAKE, null);
    }
  }

  private Future<Void> giveUp() {
    return context.queue().giveUp(context.giveUp()).map(ended -> {
      ended.forEach(this::gaveUp);
      return null;
    });
  }

  private void gaveUp(TaskStatus task) {
    log.warn("Gave up on a task, its instance has been out for too long: task={} user={} instance={} state={}",
      task.id(), UserName.logged(task.user()), task.instance(), task.state().word());
    context.metrics().count("dispatch_gave_up");
    context.bus().publish(Events.TASK,
      new TaskEvent(task.id(), task.user(), Happened.FINISHED, task.state(), task.instance()));
  }

  /** What this node saw of one instance, check after check, with the thresholds (rise, fall) for a report. */
  static final class InstanceHealth {
    /** Two misses in a row make an instance down: one that loads a model answers late. */
    private static final int FALL = 2;

    /** What is known already is reported again every so many checks: a node may have reported otherwise and died. */
    private static final int REPORT_EVERY = 6;

    private int misses;
    private int answers;
    private boolean known;
    private boolean out;
    private boolean alive;
    private String reported = "";

    /** It answered. True when it is to be reported as up: one answer suffices, however often it was out before. */
    boolean onAnswer() {
      misses = 0;
      answers++;
      boolean news = out || !known || answers % REPORT_EVERY == 0;
      out = false;
      known = true;
      return news;
    }

    /**
     * It did not answer, or not as ComfyUI does. True when it is to be reported as down. An instance whose run has
     * published progress since the last check did not miss.
     *
     * @param why the outage that explains it; another one than was reported is news
     */
    boolean onMiss(String why) {
      if (alive) {
        alive = false;
        misses = 0;
        return false;
      }
      answers = 0;
      misses++;
      boolean another = misses > FALL && !why.equals(reported);
      if (misses != FALL && misses % REPORT_EVERY != 0 && !another) {
        return false;
      }
      out = true;
      reported = why;
      return true;
    }

    /** A run there published its progress. True when that is to be reported, because the store counts it as silent. */
    boolean onProgress() {
      boolean news = out && !alive;
      alive = true;
      return news;
    }

    /** The latest report did not get through, or did not hold: repeat it at the next check. */
    void reportAgain() {
      known = false;
    }
  }
}
