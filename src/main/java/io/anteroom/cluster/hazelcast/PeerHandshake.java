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
 * Compares a new member with all others before it does anything: version, TLS, certificates.
 *
 * <p>Hazelcast accepts every member. Without this, a node that the event buses of the others refuse would seem to run,
 * and every message to it and from it would be lost. A member that is just unreachable refuses no one.
 */
final class PeerHandshake {
  private static final Logger log = LoggerFactory.getLogger(PeerHandshake.class);
  private static final int TIMEOUT_MS = 20_000;

  private final Vertx vertx;
  private final HazelcastClusterManager manager;
  private final EventBusTls tls;

  PeerHandshake(Vertx vertx, HazelcastClusterManager manager, EventBusTls tls) {
    this.vertx = vertx;
    this.manager = manager;
    this.tls = tls;
  }

  /** Fails with a {@link JoinException}, after it has left the cluster, when one of them does not accept it. */
  Future<Void> toAll() {
    List<Member> others = manager.getHazelcastInstance().getCluster().getMembers().stream()
      .filter(member -> !member.localMember()).toList();
    Future<Void> agreed = disagreement(others).map(Future::<Void>failedFuture)
      .orElseGet(() -> tls.isOn() ? testConnections(others) : Future.succeededFuture());
    return agreed.recover(failure ->
      vertx.close().transform(closed -> Future.failedFuture(failure)));
  }

  /** What the attributes of the others say against this node; empty for nothing. */
  private Optional<JoinException> disagreement(List<Member> others) {
    return others.stream().filter(PeerHandshake::isOfOtherVersion).findFirst()
      .map(other -> JoinException.otherVersion(named(other)))
      .or(() -> others.stream().filter(other -> EventBusTls.isOnAt(other) != tls.isOn()).findFirst()
        .map(other -> JoinException.tlsMismatch(named(other), !tls.isOn())));
  }

  /** A member without a node's name only listens to the event bus, and may be of any version. */
  private static boolean isOfOtherVersion(Member member) {
    return member.getAttribute(HazelcastMember.NODE_NAME) != null
      && !HazelcastMember.PROTOCOL_VERSION.equals(member.getAttribute(HazelcastMember.PROTOCOL));
  }

  private Future<Void> testConnections(List<Member> others) {
    NetClient client = vertx.createNetClient(
      tls.trial().setConnectTimeout(TIMEOUT_MS).setSslHandshakeTimeout(TIMEOUT_MS / 1_000));
    return Future.join(others.stream().map(other -> testConnection(other, client)).toList())
      .<Void>mapEmpty()
      .eventually(client::close);
  }

  private Future<Void> testConnection(Member other, NetClient client) {
    String id = other.getAttribute(HazelcastMember.NODE_ID);
    return Future.<NodeInfo>future(answer -> manager.getNodeInfo(id, answer))
      .compose(at -> client.connect(at.port(), at.host()))
      .compose(NetSocket::close)
      .recover(failure -> refusal(failure)
        .map(cause -> Future.<Void>failedFuture(JoinException.untrusted(named(other), cause)))
        .orElseGet(() -> ignoreUnreachable(other, failure)));
  }

  private static Future<Void> ignoreUnreachable(Member other, Throwable failure) {
    log.warn("The event bus of a member was not reached, it may be leaving: member={} cause={}", named(other),
      failure.getMessage());
    return Future.succeededFuture();
  }

  /** The cause that says one side does not trust the other, if there is one; a handshake may also just time out. */
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
