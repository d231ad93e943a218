package io.anteroom.cluster.hazelcast;

import static io.anteroom.cluster.hazelcast.Members.await;
import static io.anteroom.cluster.hazelcast.Members.patient;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class HazelcastSemaphoreIT {
  private static final Logger log = LoggerFactory.getLogger(HazelcastSemaphoreIT.class);

  private static Members members;
  private static List<HazelcastMember> nodes;

  private final ClusterSemaphore first = patient(nodes.get(0));
  private final ClusterSemaphore second = patient(nodes.get(1));
  private final ClusterSemaphore third = patient(nodes.get(2));

  @BeforeAll
  static void startThree(@TempDir Path directory) throws IOException {
    members = new Members(3, directory);
    nodes = members.startAll();
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  @BeforeEach
  void forgetTheLimit() {
    table().clear();
  }

  @Test
  void neverMoreThanTheLimitHoldPermits() {
    await(first.reconcile(List.of(), 5));
    Race race = new Race(5);

    await(Future.all(
      race.run(nodes.get(0).vertx(), first, 700),
      race.run(nodes.get(1).vertx(), second, 700),
      race.run(nodes.get(2).vertx(), third, 700)));

    log.info("Race of three: granted={} refused={} uncounted={}", race.granted(), race.refused(), race.uncounted());
    assertThat(race.mostAtOnce()).isEqualTo(5);
    assertThat(race.granted()).isGreaterThan(100);
    assertThat(holders()).isEmpty();
  }

  @Test
  void fullHouseIsRefusedOnEveryMember() {
    await(first.reconcile(List.of(), 2));
    taken(first);
    taken(second);

    assertThat(await(first.tryAcquire())).isEmpty();
    assertThat(await(second.tryAcquire())).isEmpty();
    assertThat(await(third.tryAcquire())).isEmpty();
  }

  @Test
  void permitGivenBackTwiceFreesOnePlace() {
    await(first.reconcile(List.of(), 2));
    Permit permit = taken(first);
    taken(second);

    await(first.release(permit));
    await(first.release(permit));

    assertThat(await(third.tryAcquire())).isPresent();
    assertThat(await(third.tryAcquire())).isEmpty();
  }

  @Test
  void mendingPutsAWrongTableRight() {
    await(first.reconcile(List.of(), 4));
    Permit ours = taken(first);
    Permit theirs = taken(second);
    table().set(HazelcastSemaphore.KEY, new PermitTable(9, Map.of(
      theirs.id(), nodes.get(1).nodeId(), "forgotten", nodes.get(0).nodeId(), "strange", "no member")));

    await(first.reconcile(List.of(ours), 4));

    assertThat(table().get(HazelcastSemaphore.KEY)).isEqualTo(new PermitTable(4, Map.of(
      ours.id(), nodes.get(0).nodeId(), theirs.id(), nodes.get(1).nodeId())));
  }

  @Test
  void loweredLimitStopsNobodyAndAdmitsNobodyUntilEnoughHaveLeft() {
    await(first.reconcile(List.of(), 3));
    List<Permit> held = List.of(taken(first), taken(first), taken(first));

    await(first.reconcile(held, 2));

    assertThat(holders()).hasSize(3);
    await(first.release(held.get(0)));
    assertThat(await(second.tryAcquire())).isEmpty();
    await(first.release(held.get(1)));
    assertThat(await(second.tryAcquire())).isPresent();
  }

  @Test
  void raisedLimitAdmitsAtOnce() {
    await(first.reconcile(List.of(), 1));
    Permit held = taken(first);
    assertThat(await(second.tryAcquire())).isEmpty();

    await(first.reconcile(List.of(held), 2));

    assertThat(await(second.tryAcquire())).isPresent();
    assertThat(await(third.tryAcquire())).isEmpty();
  }

  @Test
  void unknownLimitLetsPassUncounted() {
    Optional<Permit> permit = await(first.tryAcquire());

    assertThat(permit).hasValueSatisfying(given -> assertThat(given.counted()).isFalse());
    assertThat(table().size()).isZero();
  }

  @Test
  void silentClusterLetsPassUncountedAndKeepsNoPlaceAfterwards() {
    await(first.reconcile(List.of(), 1));
    table().submitToKey(HazelcastSemaphore.KEY, new Hang());
    await().atMost(60, SECONDS).until(() -> Hang.BEGUN.getCount() == 0);

    long start = System.nanoTime();
    Optional<Permit> given = await(nodes.get(0).semaphore().tryAcquire());
    log.info("Passed a silent cluster: ms={}", Duration.ofNanos(System.nanoTime() - start).toMillis());
    Optional<Permit> another = await(nodes.get(1).semaphore().tryAcquire());

    assertThat(given).hasValueSatisfying(permit -> assertThat(permit.counted()).isFalse());
    assertThat(another).hasValueSatisfying(permit -> assertThat(permit.counted()).isFalse());
    Hang.OVER.countDown();
    await().atMost(60, SECONDS).until(() -> await(second.tryAcquire()).filter(Permit::counted).isPresent());
  }

  @Test
  void uncountedPermitIsCountedAfterMendingAndFreeAfterItsRelease() {
    Permit permit = taken(first);
    await(first.reconcile(List.of(permit), 1));
    assertThat(await(second.tryAcquire())).isEmpty();

    await(first.release(permit));

    assertThat(await(second.tryAcquire())).isPresent();
  }

  @Test
  void answersComeOnTheContextOfTheCaller() {
    Context context = nodes.get(0).vertx().getOrCreateContext();
    await(first.reconcile(List.of(), 1));

    Context seen = await(Future.future(promise -> context.runOnContext(go ->
      first.tryAcquire().map(permit -> Vertx.currentContext()).onComplete(promise))));

    assertThat(seen).isSameAs(context);
  }

  private static Permit taken(ClusterSemaphore semaphore) {
    return await(semaphore.tryAcquire()).orElseThrow();
  }

  private Map<String, String> holders() {
    return table().get(HazelcastSemaphore.KEY).holders();
  }

  private IMap<String, PermitTable> table() {
    return nodes.get(2).hazelcast().getMap(HazelcastSemaphore.MAP);
  }

  /** Holds up every change of the table until it is told that it is over. */
  private record Hang() implements EntryProcessor<String, PermitTable, Void> {
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch OVER = new CountDownLatch(1);

    @Override
    public Void process(Map.Entry<String, PermitTable> entry) {
      BEGUN.countDown();
      try {
        OVER.await(120, SECONDS);
      } catch (InterruptedException cause) {
        Thread.currentThread().interrupt();
      }
      return null;
    }
  }
}
