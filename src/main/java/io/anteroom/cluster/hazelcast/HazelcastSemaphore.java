package io.anteroom.cluster.hazelcast;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.IMap;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange.Acquire;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange.Answer;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange.Leave;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange.Reconcile;
import io.anteroom.cluster.hazelcast.PermitTable.PermitChange.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's permits as one entry of a Hazelcast map, changed by entry processors; no call waits for another.
 *
 * <p>The member that first sees another one leave frees its permits at once. The next {@link #reconcile} repairs
 * whatever else goes wrong with the table.
 */
public final class HazelcastSemaphore implements ClusterSemaphore {
  /** The map of {@code cluster.xml} with the table in it. */
  static final String MAP = "anteroom.permits";
  /** The one key of that map. */
  static final String KEY = "places";

  private static final Logger log = LoggerFactory.getLogger(HazelcastSemaphore.class);

  private final Vertx vertx;
  private final HazelcastInstance hazelcast;
  private final IMap<String, PermitTable> tables;
  private final String node;
  private final Duration timeout;
  private final AtomicBoolean isAnswering = new AtomicBoolean(true);

  // What this node knows itself, to rebuild the table from; used by its callers and by Hazelcast's listeners.
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private volatile OptionalInt limit = OptionalInt.empty();

  private HazelcastSemaphore(Vertx vertx, HazelcastInstance hazelcast, Duration timeout) {
    this.vertx = vertx;
    this.hazelcast = hazelcast;
    this.tables = hazelcast.getMap(MAP);
    this.node = nodeId(hazelcast.getCluster().getLocalMember());
    this.timeout = timeout;
  }

  /**
   * The semaphore of this member, for as long as it is one.
   *
   * @param timeout how long the cluster may take to answer; ten times as long to reconcile, since nothing waits for it
   */
  static HazelcastSemaphore of(Vertx vertx, HazelcastInstance hazelcast, Duration timeout) {
    HazelcastSemaphore semaphore = new HazelcastSemaphore(vertx, hazelcast, timeout);
    hazelcast.getCluster().addMembershipListener(semaphore.new Departures());
    hazelcast.getLifecycleService().addLifecycleListener(semaphore::lifecycleChanged);
    return semaphore;
  }

  @Override
  public Future<Optional<Permit>> tryAcquire() {
    String permit = UUID.randomUUID().toString();
    asked.add(permit);
    Future<Answer> answer = change(new Acquire(permit, node));
    return answer.timeout(timeout.toMillis(), MILLISECONDS)
      .map(inTime -> answered(permit, inTime))
      .recover(cause -> notAnswered(permit, answer, cause));
  }

  private Optional<Permit> answered(String permit, Answer answer) {
    asked.remove(permit);
    if (isAnswering.compareAndSet(false, true)) {
      log.info("The cluster answers again, permits are counted: node={}", node);
    }
    return switch (answer) {
      case GRANTED -> Optional.of(hold(new Permit(permit, true)));
      case FULL -> Optional.empty();
      case LIMIT_UNKNOWN -> Optional.of(hold(uncounted()));
    };
  }

  private Future<Optional<Permit>> notAnswered(String permit, Future<Answer> answer, Throwable cause) {
    asked.remove(permit);
    if (isAnswering.compareAndSet(true, false)) {
      log.warn("The cluster does not answer, permits are given uncounted: node={} cause={}", node, cause.toString());
    }
    answer.onComplete(late -> change(new Release(permit)).onFailure(this::leaveToReconciliation));
    return Future.succeededFuture(Optional.of(hold(uncounted())));
  }

  /** Under an id of its own, so that the release of a permit that came too late never takes this one away. */
  private static Permit uncounted() {
    return new Permit(UUID.randomUUID().toString(), false);
  }

  private Permit hold(Permit permit) {
    held.add(permit.id());
    return permit;
  }

  @Override
  public Future<Void> release(Permit permit) {
    held.remove(permit.id());
    return change(new Release(permit.id())).timeout(timeout.toMillis(), MILLISECONDS)
      .onFailure(this::leaveToReconciliation)
      .otherwiseEmpty();
  }

  @Override
  public Future<Void> reconcile(Collection<Permit> permits, int newLimit) {
    Set<String> ids = permits.stream().map(Permit::id).collect(Collectors.toSet());
    held.retainAll(ids);
    held.addAll(ids);
    limit = OptionalInt.of(newLimit);
    return rebuild(newLimit);
  }

  private Future<Void> rebuild(int knownLimit) {
    return change(new Reconcile(node, Set.copyOf(held), Set.copyOf(asked), members(), knownLimit))
      .timeout(timeout.multipliedBy(10).toMillis(), MILLISECONDS);
  }

  private Set<String> members() {
    return hazelcast.getCluster().getMembers().stream()
      .map(HazelcastSemaphore::nodeId)
      .filter(Objects::nonNull)
      .collect(Collectors.toSet());
  }

  private static String nodeId(Member member) {
    return member.getAttribute(HazelcastMember.NODE_ID);
  }

  /** After a split the table of the larger half is in force, and does not know what this node holds. */
  private void lifecycleChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleState.MERGED) {
      limit.ifPresent(known -> rebuild(known).onFailure(this::leaveToReconciliation));
    }
  }

  private <R> Future<R> change(PermitChange<R> change) {
    try {
      return Future.fromCompletionStage(tables.submitToKey(KEY, change), vertx.getOrCreateContext());
    } catch (RuntimeException stopped) {
      // Hazelcast throws instead of failing the future once it has stopped.
      return Future.failedFuture(stopped);
    }
  }

  private void leaveToReconciliation(Throwable cause) {
    log.debug("The permit table was not changed, the next reconciliation will: node={} cause={}", node,
      cause.toString());
  }

  /** Frees the permits of a member that has left. Each survivor does so, since one of them may die too. */
  private final class Departures implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      // It holds nothing yet.
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      String gone = nodeId(event.getMember());
      if (gone != null) {
        change(new Leave(gone)).onFailure(HazelcastSemaphore.this::leaveToReconciliation);
      }
    }
  }
}
