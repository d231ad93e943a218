package io.anteroom.cluster.hazelcast;

import static io.anteroom.cluster.hazelcast.Members.await;
import static io.anteroom.cluster.hazelcast.Members.patient;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, of which one comes to its end. */
class MemberEndIT {
  private Members members;
  private HazelcastMember bob;
  private ClusterSemaphore semaphore;
  private ClusterSemaphore ofBob;

  @BeforeEach
  void startTwo(@TempDir Path directory) throws IOException {
    members = new Members(2, directory);
    List<HazelcastMember> nodes = members.startAll();
    semaphore = patient(nodes.get(0));
    bob = nodes.get(1);
    ofBob = patient(bob);
    await(semaphore.reconcile(List.of(), 2));
  }

  @AfterEach
  void stop() {
    members.close();
  }

  @Test
  void memberOutsideTheClusterLetsPassUncounted() {
    bob.hazelcast().getLifecycleService().terminate();

    Permit permit = taken(ofBob);

    assertThat(permit.counted()).isFalse();
    await(ofBob.release(permit));
    assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> await(ofBob.reconcile(List.of(), 1)));
  }

  @Test
  void permitsOfAMemberThatBreaksOffAreFree() {
    taken(ofBob);
    taken(ofBob);
    assertThat(await(semaphore.tryAcquire())).isEmpty();

    bob.hazelcast().getLifecycleService().terminate();

    await().atMost(60, SECONDS).until(() -> await(semaphore.tryAcquire()).isPresent());
  }

  @Test
  void permitsOfAMemberThatLeavesInGoodOrderAreFree() {
    taken(ofBob);
    taken(ofBob);
    assertThat(await(semaphore.tryAcquire())).isEmpty();

    await(bob.vertx().close());

    await().atMost(60, SECONDS).until(() -> await(semaphore.tryAcquire()).isPresent());
  }

  private static Permit taken(ClusterSemaphore semaphore) {
    return await(semaphore.tryAcquire()).orElseThrow();
  }
}
