package io.anteroom.support.redis;

import io.anteroom.queue.Claim;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.TaskQueue;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A queue of one owner whose leases never end and that needs no instances read: nothing is
 * handed over, adopted or recovered. Knows which instances are up. */
abstract class SoleOwnersQueue implements TaskQueue {
  private final Map<String, InstanceState> instances = new ConcurrentHashMap<>();

  /** Which tasks it was asked for when it had come back, each time. */
  private final List<Map<TaskId, String>> mourned = new CopyOnWriteArrayList<>();
  private volatile Optional<String> generation = Optional.of("first");

  /** It comes back as another one and has lost whatever it will be asked for; empty while it is not recovered. */
  public void comesBack(Optional<String> as) {
    generation = as;
  }

  public List<Map<TaskId, String>> mourned() {
    return mourned;
  }

  final void goesDown(String instance) {
    instances.put(instance, InstanceState.DOWN);
  }

  final boolean isUp(String instance) {
    return instances.getOrDefault(instance, InstanceState.UP) == InstanceState.UP;
  }

  @Override
  public Future<News> setInstanceState(String instance, InstanceState state, String reason) {
    if (state == InstanceState.HEARD) {
      return Future.succeededFuture(News.KNOWN);
    }
    InstanceState now = state == InstanceState.IDLE ? InstanceState.UP : state;
    return Future.succeededFuture(now == instances.put(instance, now) ? News.KNOWN : News.CHANGED);
  }

  @Override
  public Future<List<Condition>> conditions() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<List<TaskStatus>> giveUp(Duration patience) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> handOver(Collection<Claim> claims) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Claim>> adopt(String owner, int most) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Integer> expireLeases(String gone, String asks) {
    return Future.succeededFuture(0);
  }

  @Override
  public Future<List<Claim>> recoverClaims(String owner, Collection<TaskId> watched) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Recovery> nextRecovery(String owner) {
    return Future.succeededFuture(new Recovery("only", "1", List.of()));
  }

  @Override
  public Future<Recovery.Result> recover(String generation, Collection<Reading> readings) {
    return Future.succeededFuture(new Recovery.Result(true, List.of(), Map.of()));
  }

  @Override
  public Future<Optional<String>> generation() {
    return Future.succeededFuture(generation);
  }

  @Override
  public Future<List<TaskId>> markLost(Map<TaskId, String> usersOfTasks) {
    mourned.add(Map.copyOf(usersOfTasks));
    return statuses(usersOfTasks.keySet()).map(stored -> {
      Set<TaskId> lost = new HashSet<>(usersOfTasks.keySet());
      stored.forEach(task -> lost.remove(task.id()));
      return List.copyOf(lost);
    });
  }
}
