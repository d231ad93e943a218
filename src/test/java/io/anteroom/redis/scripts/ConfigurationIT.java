package io.anteroom.redis.scripts;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.queue.Claim;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.queue.TaskQueue.News;
import io.anteroom.redis.QueueFixture;
import io.anteroom.redis.QueueScenarios;
import io.anteroom.redis.RedisKeys;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes with different settings and lists: one configuration is in force, and nobody fights for another. */
class ConfigurationIT extends QueueScenarios {
  private static final int LIMIT = 9;

  private final Map<String, RedisTaskQueue> nodes = new HashMap<>();

  @BeforeEach
  void nothingIsConfigured() {
    lab.redis.flush();
  }

  @AfterEach
  void leave() {
    nodes.values().forEach(node -> done(node.close()));
  }

  /** {@code a4}: node a tells that its limit is 4; {@code -}: a minute passes in which nobody tells anything. */
  @ParameterizedTest
  @CsvSource({
    // each tells its own again and again
    "a4 b7 a4 b7 a4, 4 7 7 7 7",
    // a rolling change over three nodes
    "a4 b4 c4 a7 b4 c4 b7 c4 a7 c7, 4 4 4 7 7 7 7 7 7 7",
    // back, while the last node has not even heard of it
    "a4 b4 a7 b4 a4 b4, 4 4 7 7 4 4",
    "a4 b4 a7 b7 a4 b7 b4, 4 4 7 7 4 4 4",
    // one that comes late with what is over already
    "a4 b4 a7 a9 b7 b9, 4 4 7 9 9 9",
    // a new node, or one started again, with what it had before
    "a4 a7 c4 a7, 4 7 7 7",
    "a4 b7 a4 a4, 4 7 7 7",
    // the nodes that had it are gone
    "a4 b7 a4 - a4 b7, 4 7 7 7 4 7",
    "a4 b7 b4 b7, 4 7 4 7"})
  void theConfigurationThatWasBroughtInLastIsInForce(String told, String limits) {
    List<String> inForce = new ArrayList<>();
    for (String step : told.split(" ")) {
      if (step.equals("-")) {
        aMinutePasses();
      } else {
        tells(step.substring(0, 1), Integer.parseInt(step.substring(1)));
      }
      inForce.add(lab.redis.ask("HGET", RedisKeys.LIMITS.key(), "limit").toString());
    }

    assertThat(String.join(" ", inForce)).isEqualTo(limits);
  }

  @Test
  void whoDiffersIsToldInWhat() {
    tells("a", 4, at("a1", "one"), at("b1", "one"));
    EffectiveConfig inForce = tells("b", 7, at("a1", "two"), at("c1", "one"));
    assertThat(inForce.differences(configuration("b", 7, at("c1", "one"), at("a1", "two")))).isEmpty();

    Map<Part, String> differences = inForce.differences(configuration("a", 4, at("a1", "one"), at("b1", "one")));

    assertThat(differences).containsOnlyKeys(Part.SETTINGS, Part.INSTANCES);
    assertThat(differences.get(Part.SETTINGS)).isEqualTo("limit.concurrent is 4 here, 7 in force");
    assertThat(differences.get(Part.INSTANCES)).contains("a1 is http://one:8188 in pool a with 1 slots here,",
      "c1 is in force, but not in instances.csv here", "b1 is in instances.csv here, but not in force");
    assertThat(done(lab.queue.effectiveConfiguration())).isEqualTo(inForce);
  }

  @Test
  void aChangeOfTheListLeavesTheLimitAsItIs() {
    tells("a", 4, at("a1", "one"));
    tells("b", 7, at("a1", "one"));

    tells("a", 4, at("a1", "one"), at("b1", "one"));

    assertThat(done(lab.queue.stats()).limit()).isEqualTo(7);
    assertThat(done(lab.queue.conditions())).extracting(Condition::instance).containsExactly("a1", "b1");
  }

  @Test
  void whoListsLessTakesNothingAway() {
    tells("a", LIMIT, at("a1", "one"));
    tells("b", LIMIT, at("a1", "two"), at("b1", "one"));

    EffectiveConfig inForce = tells("a", LIMIT, at("a1", "one"));

    assertThat(inForce.settings().instances()).containsExactlyInAnyOrder(at("a1", "two"), at("b1", "one"));
    assertThat(inForce.draining()).isEmpty();
  }

  @Test
  void whatNobodyHasAnyMoreIsNotInForce() {
    tells("a", 4, at("a1", "one"));

    aMinutePasses();

    assertThat(done(lab.queue.effectiveConfiguration()).differences(configuration("b", 7))).isEmpty();
  }

  @Test
  void aNodeIsGivenNoTaskOfAnInstanceThatItDoesNotList() {
    tells("a", LIMIT, at("a1", "one"));
    tells("b", LIMIT, at("a1", "one"), at("b1", "one"));
    lab.redis.isRecovered(lab.queue);
    TaskId bobs = lab.submits("bob");
    TaskId alices = lab.submits("alice");

    Claim first = done(node("a").claim("a")).orElseThrow();
    assertThat(first.id()).isEqualTo(alices);
    assertThat(done(node("a").claim("a"))).isEmpty();
    assertThat(done(node("a").finish(first, Outcome.completed("{}"), true)).next()).isEmpty();

    assertThat(done(node("b").claim("b")).map(Claim::id)).contains(bobs);
  }

  @Test
  void aNodeThatListsAnotherAddressOrHasToldNothingIsGivenNoTaskThere() {
    tells("a", LIMIT, at("b1", "one"));
    tells("b", LIMIT, at("b1", "two"));
    lab.redis.isRecovered(lab.queue);
    lab.submits("bob");

    assertThat(done(node("a").claim("a"))).isEmpty();
    assertThat(done(node("c").claim("c"))).isEmpty();
    assertThat(done(node("b").claim("b")).map(Claim::address)).contains("http://two:8188");
  }

  @Test
  void whatIsSeenAtAnotherAddressSaysNothingOfTheInstance() {
    tells("a", LIMIT, at("b1", "one"));

    News elsewhere =
      done(lab.queue.setInstanceState("b1", "http://two:8188", InstanceState.DOWN, "b1 does not answer"));
    assertThat(elsewhere).isEqualTo(News.KNOWN);
    assertThat(done(lab.queue.conditions())).extracting(Condition::state).containsExactly("up");

    assertThat(done(lab.queue.setInstanceState("b1", "http://one:8188", InstanceState.DOWN, "b1 does not answer")))
      .isEqualTo(News.CHANGED);
  }

  @Test
  void anInstanceThatLeavesTheListDrainsUntilItsLastTaskHasEnded() {
    Claim running = runningAtOneThatLeaves();
    TaskId waiting = lab.submits("bob");

    EffectiveConfig inForce = tells("a", LIMIT, at("a1", "one"));

    assertThat(inForce.draining()).containsExactly(at("b1", "one"));
    assertThat(done(lab.queue.conditions())).filteredOn(one -> one.instance().equals("b1")).singleElement()
      .isEqualTo(new Condition("b1", "draining", Optional.empty(), 0, 1));
    assertThat(lab.status(waiting).outage()).contains(InstanceOutage.of(InstanceOutage.Kind.DRAINING, "b1"));
    assertThat(done(node("a").claim("a"))).isEmpty();

    assertThat(done(node("a").finish(running, Outcome.completed("{}"), true)).next()).isEmpty();
    assertThat(lab.status(running.id()).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(tells("a", LIMIT, at("a1", "one")).draining()).isEmpty();
    assertThat(lab.status(waiting).outage()).contains(InstanceOutage.of(InstanceOutage.Kind.MISSING, "b"));
    assertThat(lab.redis.ask("HGET", RedisKeys.INSTANCE.of("b1"), "address")).isNull();
  }

  @Test
  void anInstanceThatComesBackWhileItDrainsGoesOnWithWhatItHas() {
    Claim running = runningAtOneThatLeaves();
    tells("a", LIMIT, at("a1", "one"));
    TaskId waiting = lab.submits("bella");

    EffectiveConfig inForce = tells("a", LIMIT, at("a1", "one"), at("b1", "one"));

    assertThat(inForce.draining()).isEmpty();
    assertThat(done(lab.queue.conditions())).extracting(Condition::instance).containsExactly("a1", "b1");
    assertThat(done(node("a").claim("a"))).as("its only slot is taken").isEmpty();
    assertThat(done(node("a").finish(running, Outcome.completed("{}"), true)).next().map(Claim::id)).contains(waiting);
  }

  @Test
  void aStoreThatComesBackHasInstancesReadThatDrain() {
    runningAtOneThatLeaves();
    tells("a", LIMIT, at("a1", "one"));
    lab.redisComesBack();

    assertThat(done(lab.queue.nextRecovery("a")).unread()).containsExactlyInAnyOrder("a1", "b1");

    lab.redis.isRecovered(lab.queue);
    assertThat(tells("a", LIMIT, at("a1", "one")).draining()).hasSize(1);
  }

  /** The store may have lost what runs there. */
  @Test
  void anInstanceThatLeavesBeforeItWasReadIsReadAllTheSame() {
    tells("a", LIMIT, at("a1", "one"), at("b1", "one"));
    lab.redis.isRecovered(lab.queue);
    lab.redisComesBack();

    tells("a", LIMIT, at("a1", "one"));

    assertThat(done(lab.queue.nextRecovery("a")).unread()).containsExactlyInAnyOrder("a1", "b1");
    lab.redis.isRecovered(lab.queue);
    assertThat(tells("a", LIMIT, at("a1", "one")).draining()).isEmpty();
  }

  @Test
  void aTaskAtAnInstanceThatDrainsAndIsSilentIsGivenUpLikeAnyOther() {
    Claim running = runningAtOneThatLeaves();
    tells("a", LIMIT, at("a1", "one"));

    done(lab.queue.setInstanceState("b1", "http://one:8188", InstanceState.DOWN, "b1 does not answer"));
    done(lab.queue.giveUp(Duration.ZERO));

    assertThat(lab.status(running.id()).state()).isEqualTo(TaskState.LOST);
    assertThat(done(lab.queue.stats()).processing()).isZero();
    assertThat(tells("a", LIMIT, at("a1", "one")).draining()).isEmpty();
  }

  @Test
  void aTaskIsWatchedWhereItWasSentAlsoWhenItsInstanceHasMoved() {
    Claim running = runningAtOneThatLeaves();
    tells("a", LIMIT, at("a1", "one"), at("b1", "two"));

    done(node("a").handOver(List.of(running)));
    assertThat(done(node("a").adopt("heir", 1))).extracting(Claim::address).containsExactly("http://one:8188");
    Claim adopted = done(node("a").recoverClaims("heir", List.of())).get(0);
    lab.requeues(adopted);
    assertThat(done(node("a").claim("a")).map(Claim::address)).contains("http://two:8188");
  }

  /** Bob's task runs at b1, which is going to leave the list. */
  private Claim runningAtOneThatLeaves() {
    tells("a", LIMIT, at("a1", "one"), at("b1", "one"));
    lab.redis.isRecovered(lab.queue);
    lab.submits("bob");
    return done(node("a").claim("a")).orElseThrow();
  }

  private RedisTaskQueue node(String name) {
    return nodes.computeIfAbsent(name, unknown -> lab.redis.queue(lab.vertx));
  }

  private EffectiveConfig tells(String node, int limit, Room... rooms) {
    return done(node(node).configure(configuration(node, limit, rooms)));
  }

  private static QueueConfig configuration(String node, int limit, Room... rooms) {
    return new QueueConfig(node, limit, 1, 5, QueueFixture.LEASE, Duration.ofHours(24), Duration.ofMinutes(5),
      List.of(rooms),
      "");
  }

  private static Room at(String instance, String host) {
    return new Room(instance, instance.substring(0, 1), 1, "http://" + host + ":8188");
  }

  private static void aMinutePasses() {
    for (Part part : Part.values()) {
      String told = RedisKeys.TOLD.of(part.word());
      lab.redis.ask("ZRANGE", told, "0", "-1").forEach(version -> lab.redis.ask("ZADD", told, "1", version.toString()));
    }
  }
}
