package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.cluster.hazelcast.HazelcastMember;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members of one cluster whose stores become others while they serve, as after a merge of two clusters. */
class SharedStoreGuardIT {
  private final List<Integer> ports = List.of(FreePorts.next(), FreePorts.next(), FreePorts.next());
  private final List<HazelcastMember> members = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private Node alice;
  private Node bob;

  /** A node that is nothing but its store, and counts how often it begins and ends to serve. */
  private static final class Node implements SharedStoreGuard.Service {
    private final SharedStoreGuard guard;
    private volatile String store;
    private volatile boolean serves;
    private volatile int stops;

    Node(HazelcastMember member, String store) {
      this.store = store;
      this.guard = new SharedStoreGuard(member.vertx(), member.stores(), this::identity, "Redis of "
        + member.hazelcast()
        .getName(), this);
    }

    private Future<String> identity() {
      return store.isEmpty() ? Future.failedFuture("the store is away") : Future.succeededFuture(store);
    }

    @Override
    public Future<Void> start() {
      serves = true;
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
      serves = false;
      stops++;
      return Future.succeededFuture();
    }
  }

  @BeforeEach
  void twoMembersWithOneStore() {
    alice = node("common");
    bob = node("common");
    assertThat(List.of(alice, bob)).allMatch(node -> node.serves);
  }

  @AfterEach
  void close() {
    nodes.forEach(node -> node.guard.end());
    members.forEach(member -> done(member.vertx().close()));
  }

  @Test
  void theLaterOneStopsWhenItsStoreIsAnotherAndServesAgainWhenItIsTheSame() {
    bob.store = "its own";

    until(() -> !bob.serves);
    assertThat(bob.guard.objection()).contains("on-", "set redis.url");
    assertThat(alice.serves).isTrue();

    bob.store = "common";
    until(() -> bob.serves && bob.guard.objection().isEmpty());
    assertThat(alice.stops).isZero();
  }

  @Test
  void theLaterOneStopsAlsoWhenThatOfTheEarlierOneHasChanged() {
    alice.store = "its own";

    until(() -> !bob.serves);

    assertThat(alice.serves).isTrue();
  }

  /** It serves nobody either, and may find its way to the same one. */
  @Test
  void whoseStoreIsAwayKeepsNobodyFromServing() {
    bob.store = "its own";
    until(() -> !bob.serves);

    alice.store = "";

    until(() -> bob.serves);
  }

  /** One that refuses already is nobody's measure. */
  @Test
  void theStoreOfTheEarliestMemberCounts() {
    bob.store = "its own";
    until(() -> !bob.serves);

    Node carol = node("common");

    assertThat(carol.serves).isTrue();
    alice.guard.end();
    done(members.get(0).vertx().close());
    until(() -> bob.serves && !carol.serves);
  }

  private Node node(String store) {
    int port = ports.get(members.size());
    members.add(done(HazelcastMember.join(new JoinSettings("on-" + port, "127.0.0.1", port, 0,
      ports.stream().map(each -> "127.0.0.1:" + each).toList(), Optional.empty(), TlsTrust.USUAL),
      new VertxOptions())));
    Node node = new Node(members.get(members.size() - 1), store);
    nodes.add(node);
    done(node.guard.start());
    return node;
  }
}
