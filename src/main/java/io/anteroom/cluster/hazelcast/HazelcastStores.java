package io.anteroom.cluster.hazelcast;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Which store each member of the cluster uses. Each announces its own and reads those of the others: of two that do so
 * at the same moment at least one sees the other. All see the members in the same order, in which they joined.
 */
public final class HazelcastStores {
  /** The map of {@code cluster.xml} with the announcements in it, by node id. */
  static final String MAP = "anteroom.stores";

  /** An announcement that is not renewed expires: its member hangs, or does not reach its store. */
  private static final int TTL_SECONDS = 5;

  private static final int TIMEOUT_SECONDS = 2;
  private static final String SEPARATOR = " ";

  private final Vertx vertx;
  private final HazelcastInstance hazelcast;
  private final IMap<String, String> stores;

  HazelcastStores(Vertx vertx, HazelcastInstance hazelcast) {
    this.vertx = vertx;
    this.hazelcast = hazelcast;
    this.stores = hazelcast.getMap(MAP);
  }

  /**
   * The stores of the others. That of the cluster is the store of the earliest member that announces one.
   *
   * @param senior   that member, when it is another than this node and has another store
   * @param juniors  members with another store, when this node has that of the cluster
   * @param complete whether all that joined before this node have announced theirs
   */
  public record Comparison(Optional<Rival> senior, List<Rival> juniors, boolean complete) {
  }

  /**
   * A member with another store.
   *
   * @param node  its name
   * @param store where its store is, in words
   */
  public record Rival(String node, String store) {
  }

  /**
   * Announces the store of this node and compares it with those of the others; fails when the cluster does not answer
   * in time.
   *
   * @param identity the same for all nodes that share a store, and for no others; without blanks
   * @param place    where it is, in words and without secrets
   */
  public Future<Comparison> compare(String identity, String place) {
    Context caller = vertx.getOrCreateContext();
    return asked(caller, () -> stores.setAsync(nodeId(hazelcast.getCluster().getLocalMember()),
        identity + SEPARATOR + place, TTL_SECONDS, SECONDS))
      .compose(announced -> read(caller, identity))
      .timeout(TIMEOUT_SECONDS, SECONDS);
  }

  private Future<Comparison> read(Context caller, String identity) {
    List<Member> members = hazelcast.getCluster().getMembers().stream()
      .filter(member -> member.getAttribute(HazelcastMember.NODE_NAME) != null && nodeId(member) != null).toList();
    List<Future<String>> answers = new ArrayList<>();
    members.forEach(member -> answers.add(asked(caller, () -> stores.getAsync(nodeId(member)))));
    return Future.all(answers).map(all -> compared(members, all.list(), identity));
  }

  private static Comparison compared(List<Member> members, List<String> announced, String identity) {
    List<Rival> others = new ArrayList<>();
    boolean complete = true;
    boolean earlier = true;
    Optional<String> reference = announced.stream().filter(Objects::nonNull).findFirst();
    for (int at = 0; at < members.size(); at++) {
      earlier &= !members.get(at).localMember();
      complete &= !earlier || announced.get(at) != null;
      if (announced.get(at) != null && !isSame(announced.get(at), identity)) {
        others.add(rival(members.get(at), announced.get(at)));
      }
    }
    boolean isOurs = reference.filter(first -> !isSame(first, identity)).isEmpty();
    return new Comparison(isOurs ? Optional.empty() : Optional.of(others.get(0)), isOurs ? others : List.of(),
      complete);
  }

  private static boolean isSame(String store, String identity) {
    return store.startsWith(identity + SEPARATOR);
  }

  private static Rival rival(Member member, String store) {
    return new Rival(member.getAttribute(HazelcastMember.NODE_NAME), store.substring(store.indexOf(SEPARATOR) + 1));
  }

  private static String nodeId(Member member) {
    return member.getAttribute(HazelcastMember.NODE_ID);
  }

  private static <T> Future<T> asked(Context caller, Supplier<CompletionStage<T>> call) {
    try {
      return Future.fromCompletionStage(call.get(), caller);
    } catch (RuntimeException stopped) {
      // Hazelcast throws instead of failing the future once it has stopped.
      return Future.failedFuture(stopped);
    }
  }
}
