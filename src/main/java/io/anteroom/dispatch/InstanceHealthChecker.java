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
 * Goes round all instances, also those that drain, and tells the store which of them answer; then gives up on those
 * that have been out for too long.
 *
 * <p>Every dispatching node does so; the store decides what is news, and whether an instance that answers gets tasks.
 */
final class InstanceHealthChecker {
  private static final Logger log = LoggerFactory.getLogger(InstanceHealthChecker.class);

  private final RunContext bench;
  private final Map<String, Visit> visits = new HashMap<>();

  InstanceHealthChecker(RunContext bench) {
    this.bench = bench;
  }

  /** Asks all instances once, all at the same time. What the store says of the silent ones is true only after that. */
  Future<Void> go() {
    List<Instance> instances = bench.watched();
    visits.keySet().retainAll(instances.stream().map(Instance::name).collect(Collectors.toSet()));
    List<Future<Void>> answers = new ArrayList<>();
    instances.forEach(instance -> answers.add(visit(instance)));
    return Future.join(answers).compose(visited -> giveUp());
  }

  /** Somebody says how an instance is: tell at the next round what is seen of it. */
  void heard(InstanceEvent event) {
    visits.computeIfPresent(event.instance(), (name, visit) -> {
      visit.forget();
      return visit;
    });
  }

  /** A run at the instance told its progress, so the instance lives, whether or not it has time to answer. */
  Future<Void> progressed(String instance) {
    Visit visit = visits.get(instance);
    return visit != null && visit.progressed()
      ? bench.queue().setInstanceState(instance, InstanceState.HEARD, "").mapEmpty() : Future.succeededFuture();
  }

  private Future<Void> visit(Instance instance) {
    Visit visit = visits.computeIfAbsent(instance.name(), unknown -> new Visit());
    return bench.comfy().remaining(instance).compose(
      remaining -> visit.answered()
        ? say(instance, visit, remaining == 0 ? InstanceState.IDLE : InstanceState.UP, "")
        : Future.succeededFuture(),
      failure -> missed(instance, visit, failure));
  }

  private Future<Void> missed(Instance instance, Visit visit, Throwable failure) {
    log.debug("The instance does not answer: instance={} cause={}", instance.name(), failure.getMessage());
    String reason = NotComfyUi.of(failure).outage(instance.name()).stored();
    return visit.missed(reason) ? say(instance, visit, InstanceState.DOWN, reason) : Future.succeededFuture();
  }

  private Future<Void> say(Instance instance, Visit visit, InstanceState state, String reason) {
    return bench.queue().setInstanceState(instance.name(), instance.url().toString(), state, reason)
      .onFailure(storeIsAway -> visit.forget())
      .map(news -> {
        if (news == News.NOT_YET) {
          visit.forget();
        } else if (news == News.CHANGED) {
          tell(instance, state, reason);
        }
        return null;
      });
  }

  private void tell(Instance instance, InstanceState state, String reason) {
    String cause = InstanceOutage.sentence(reason);
    log.info("Instance changed: instance={} state={} cause={}", instance.name(), state, cause);
    bench.bus().publish(Events.INSTANCE, new InstanceEvent(instance.name(), state.name(), cause));
    if (state != InstanceState.DOWN) {
      bench.bus().publish(Events.WAKE, null);
    }
  }

  private Future<Void> giveUp() {
    return bench.queue().giveUp(bench.patience()).map(ended -> {
      ended.forEach(this::gaveUp);
      return null;
    });
  }

  private void gaveUp(TaskStatus task) {
    log.warn("Gave up on a task, its instance has been out for too long: task={} user={} instance={} state={}",
      task.id(), UserName.logged(task.user()), task.instance(), task.state().word());
    bench.tally().count("dispatch_gave_up");
    bench.bus().publish(Events.TASK,
      new TaskEvent(task.id(), task.user(), Happened.FINISHED, task.state(), task.instance()));
  }

  /** What a node saw of one instance, round after round; says when that is worth telling the store. */
  static final class Visit {
    /** A single miss is no news: an instance that loads a model answers late. */
    private static final int MISSES_THAT_COUNT = 2;

    /** Every so many rounds what is known already is told again: a node may have told otherwise and died. */
    private static final int SAY_AGAIN = 6;

    private int misses;
    private int answers;
    private boolean known;
    private boolean out;
    private boolean alive;
    private String told = "";

    /** It answered. True when it is to be told that it is up: one answer suffices, however often it was out before. */
    boolean answered() {
      misses = 0;
      answers++;
      boolean news = out || !known || answers % SAY_AGAIN == 0;
      out = false;
      known = true;
      return news;
    }

    /**
     * It did not answer, or not as ComfyUI does. True when it is to be told that it is down. What shows a sign of life
     * by another way did not miss.
     *
     * @param why the outage that this looks like; another one than was told is news
     */
    boolean missed(String why) {
      if (alive) {
        alive = false;
        misses = 0;
        return false;
      }
      answers = 0;
      misses++;
      boolean another = misses > MISSES_THAT_COUNT && !why.equals(told);
      if (misses != MISSES_THAT_COUNT && misses % SAY_AGAIN != 0 && !another) {
        return false;
      }
      out = true;
      told = why;
      return true;
    }

    /** A run there told its progress. True when the store is to hear of it, for it takes the instance to be silent. */
    boolean progressed() {
      boolean news = out && !alive;
      alive = true;
      return news;
    }

    /** What was told did not come through, or did not hold: tell it again at the next round. */
    void forget() {
      known = false;
    }
  }
}
