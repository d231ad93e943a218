package io.anteroom.cluster.hazelcast;

import static io.anteroom.cluster.hazelcast.Members.await;
import static io.anteroom.cluster.hazelcast.Members.patient;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.cluster.ClusterSemaphore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node here and two in JVMs of their own, which hold two permits each. */
class ClusterCrashIT {
  private static final Logger log = LoggerFactory.getLogger(ClusterCrashIT.class);

  private Members members;
  private HazelcastMember here;
  private ClusterSemaphore semaphore;
  private HolderProcess alice;
  private HolderProcess bob;
  @TempDir
  private Path directory;

  private void fillTheHouse(Duration silence) throws IOException {
    members = new Members(3, directory, silence);
    here = members.start(0);
    semaphore = patient(here);
    await(semaphore.reconcile(List.of(), 4));
    alice = new HolderProcess(members.settings(1), 2);
    bob = new HolderProcess(members.settings(2), 2);
    await().atMost(120, SECONDS).until(() -> holders().size() == 4);
  }

  @AfterEach
  void stop() {
    Stream.of(alice, bob).filter(Objects::nonNull).forEach(HolderProcess::kill);
    members.close();
  }

  /**
   * Its connections end with it: nobody waits until it has been silent for long enough, which is five minutes here.
   * Promised are three seconds; a busy machine may need more, so what it took is told, and judged only coarsely.
   */
  @Test
  void permitsOfAKilledNodeAreFreeLongBeforeItsSilenceIsNoticed() throws IOException {
    fillTheHouse(Duration.ofMinutes(5));
    assertThat(await(semaphore.tryAcquire())).isEmpty();

    Duration afterFirst = killAndWaitFor(alice, 2);
    Duration afterSecond = killAndWaitFor(bob, 0);

    log.info("Permits back after kill -9: first={} second={}", afterFirst, afterSecond);
    assertThat(await(semaphore.tryAcquire())).hasValueSatisfying(permit -> assertThat(permit.counted()).isTrue());
  }

  @Test
  void frozenNodeLosesItsPermitsAndIsCountedAgainAfterItsReturn() throws IOException {
    fillTheHouse(Duration.ofSeconds(10));
    alice.freeze();
    await().atMost(120, SECONDS).until(() -> holders().size() == 2);

    alice.thaw();

    await().atMost(120, SECONDS).until(() -> holders().size() == 4);
    assertThat(await(semaphore.tryAcquire())).isEmpty();
  }

  private Duration killAndWaitFor(HolderProcess victim, int left) {
    long start = System.nanoTime();
    victim.kill();
    await().atMost(30, SECONDS).pollInterval(Duration.ofMillis(10)).until(() -> holders().size() == left);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Map<String, String> holders() {
    return here.hazelcast().<String, PermitTable>getMap(HazelcastSemaphore.MAP).get(HazelcastSemaphore.KEY).holders();
  }
}
