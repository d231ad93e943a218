package io.anteroom.dispatch;

import io.anteroom.bus.Events;
import io.anteroom.bus.Events.InstanceEvent;
import io.anteroom.config.Instance;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round all instances and tells the store which of them answer.
 *
 * <p>Every dispatching node does so; it says so again now and then even when nothing changed, because another node may
 * have called an instance down and died before it saw it come back.
 */
final class Rounds {
  private static final Logger log = LoggerFactory.getLogger(Rounds.class);

  /** A single miss is no news: an instance that loads a model answers late. */
  private static final int MISSES_THAT_COUNT = 2;

  /** Every so many rounds an instance that is up is said to be up again. */
  private static final int SAY_AGAIN = 6;

  private final Workbench bench;
  private final Map<String, Visit> visits = new HashMap<>();

  Rounds(Workbench bench) {
    this.bench = bench;
  }

  /** Asks all instances once, all at the same time. */
  Future<Void> go() {
    List<Instance> instances = List.copyOf(bench.directory().instances());
    visits.keySet().removeIf(name -> bench.directory().instance(name).isEmpty());
    List<Future<Void>> answers = new ArrayList<>();
    instances.forEach(instance -> answers.add(visit(instance)));
    return Future.join(answers).mapEmpty();
  }

  /** Somebody says how an instance is: look at it afresh at the next round. */
  void heard(InstanceEvent event) {
    visits.remove(event.instance());
  }

  private Future<Void> visit(Instance instance) {
    Visit visit = visits.computeIfAbsent(instance.name(), unknown -> new Visit());
    return bench.comfy().remaining(instance).compose(
      remaining -> answered(instance, visit, remaining == 0 ? InstanceState.IDLE : InstanceState.UP),
      failure -> missed(instance, visit, String.valueOf(failure.getMessage())));
  }

  private Future<Void> answered(Instance instance, Visit visit, InstanceState state) {
    visit.misses = 0;
    visit.rounds++;
    boolean news = visit.said != state && !(visit.said == InstanceState.IDLE && state == InstanceState.UP);
    return news || visit.rounds % SAY_AGAIN == 0 ? say(instance, visit, state, "") : Future.succeededFuture();
  }

  private Future<Void> missed(Instance instance, Visit visit, String cause) {
    visit.misses++;
    if (visit.misses == MISSES_THAT_COUNT) {
      log.warn("The instance does not answer, its users' tasks wait: instance={} cause={}", instance.name(), cause);
    }
    return visit.misses % MISSES_THAT_COUNT == 0
      ? say(instance, visit, InstanceState.DOWN, Workbench.silent(instance.name()))
      : Future.succeededFuture();
  }

  private Future<Void> say(Instance instance, Visit visit, InstanceState state, String reason) {
    boolean change = visit.said != null && (visit.said == InstanceState.DOWN) != (state == InstanceState.DOWN);
    visit.said = state;
    return bench.queue().mark(instance.name(), state, reason).onSuccess(done -> {
      if (change) {
        log.info("Instance changed: instance={} state={} cause={}", instance.name(), state, reason);
        bench.bus().tell(Events.INSTANCE, new InstanceEvent(instance.name(), state.name(), reason));
      }
      if (state != InstanceState.DOWN) {
        bench.bus().tell(Events.WAKE, null);
      }
    }).onFailure(failure -> visit.said = null);
  }

  /** What this node saw of one instance. */
  private static final class Visit {
    private int misses;
    private int rounds;
    private InstanceState said;
  }
}
