package io.anteroom.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new member shows itself to all others before it does anything.
 *
 * <p>Hazelcast lets everybody in, so without this a node that the event buses of the others refuse would seem to run,
 * and every message to it and from it would be lost. One that is only away refuses nobody.
 */
final class PeerHandshake {
  private static final Logger log = LoggerFactory.getLogger(PeerHandshake.class);
  private static final int PATIENCE_MS = 20_000;

  private final Vertx vertx;
  private final HazelcastClusterManager manager;
  private final EventBusTls tls;

  PeerHandshake(Vertx vertx, HazelcastClusterManager manager, EventBusTls tls) {
    this.vertx = vertx;
    this.manager = manager;
    this.tls = tls;
  }

  /** Fails with a {@link JoinException}, and has left the cluster by then, when one of them does not let it in. */
  Future<Void> toAll() {
    List<Member> others = manager.getHazelcastInstance().getCluster().getMembers().stream()
      .filter(member -> !member.localMember()).toList();
    Future<Void> agreed = disagreement(others).map(Future::<Void>failedFuture)
      .orElseGet(() -> tls.isOn() ? tried(others) : Future.succeededFuture());
    return agreed.recover(failure ->
      vertx.close().transform(closed -> Future.failedFuture(failure)));
  }

  /** What the attributes of the others say against this node; empty for nothing. */
  private Optional<JoinException> disagreement(List<Member> others) {
    return others.stream().filter(PeerHandshake::isOfOtherVersion).findFirst()
      .map(other -> JoinException.otherVersion(named(other)))
      .or(() -> others.stream().filter(other -> EventBusTls.isOnAt(other) != tls.isOn()).findFirst()
        .map(other -> JoinException.ofTwoMinds(named(other), !tls.isOn())));
  }

  /** A member without a node's name only listens to the event bus, and may be of any version. */
  private static boolean isOfOtherVersion(Member member) {
    return member.getAttribute(HazelcastMember.NODE_NAME) != null
      && !HazelcastMember.PROTOCOL_VERSION.equals(member.getAttribute(HazelcastMember.PROTOCOL));
  }

  private Future<Void> tried(List<Member> others) {
    NetClient client = vertx.createNetClient(
      tls.trial().setConnectTimeout(PATIENCE_MS).setSslHandshakeTimeout(PATIENCE_MS / 1_000));
    return Future.join(others.stream().map(other -> to(other, client)).toList())
      .<Void>mapEmpty()
      .eventually(client::close);
  }

  private Future<Void> to(Member other, NetClient client) {
    String id = other.getAttribute(HazelcastMember.NODE_ID);
    return Future.<NodeInfo>future(answer -> manager.getNodeInfo(id, answer))
      .compose(at -> client.connect(at.port(), at.host()))
      .compose(NetSocket::close)
      .recover(failure -> refusal(failure)
        .map(cause -> Future.<Void>failedFuture(JoinException.unwelcome(named(other), cause)))
        .orElseGet(() -> isAway(other, failure)));
  }

  private static Future<Void> isAway(Member other, Throwable failure) {
    log.warn("A member was not reached by its event bus, it may be on its way out: member={} cause={}", named(other),
      failure.getMessage());
    return Future.succeededFuture();
  }

  /** What in a failure says that one side does not believe the other; a handshake may also just be late. */
  private static Optional<Throwable> refusal(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
      .filter(cause -> cause instanceof CertificateException
        || cause instanceof SSLException && String.valueOf(cause.getMessage()).contains("fatal alert"))
      .findFirst();
  }

  private static String named(Member member) {
    String name = member.getAttribute(HazelcastMember.NODE_NAME);
    return "node " + (name == null || name.isEmpty() ? "" : name + " ") + "at " + member.getAddress();
  }
}
