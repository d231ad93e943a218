package io.anteroom.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import io.anteroom.config.tls.TlsTrust;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClientOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Mutual TLS between the event buses of all members: each presents a certificate and trusts only those of one
 * authority.
 *
 * <p>The name in a certificate is not checked: members reach one another by addresses that change with the machine, and
 * a certificate of this authority alone makes a member. So the authority must issue certificates for nodes only; one
 * that issues them for others would let those in too.
 */
final class EventBusTls {
  private static final Set<String> VERSIONS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));
  /** The member attribute that tells the others whether a member has it. */
  private static final String ATTRIBUTE = "anteroom.event_bus_tls";

  private final TlsTrust trust;

  EventBusTls(TlsTrust trust) {
    this.trust = trust;
  }

  boolean isOn() {
    return trust.isMutual();
  }

  /** The same configuration, with the attribute set. */
  Config announcedIn(Config config) {
    config.getMemberAttributeConfig().setAttribute(ATTRIBUTE, Boolean.toString(isOn()));
    return config;
  }

  static boolean isOnAt(Member member) {
    return Boolean.parseBoolean(member.getAttribute(ATTRIBUTE));
  }

  EventBusOptions applyTo(EventBusOptions options) {
    if (isOn()) {
      options.setSsl(true)
        .setEnabledSecureTransportProtocols(VERSIONS)
        .setKeyCertOptions(trust.shown().orElseThrow())
        .setTrustOptions(trust.trusted().orElseThrow())
        .setClientAuth(ClientAuth.REQUIRED)
        // By default an event bus trusts every server.
        .setTrustAll(false);
    }
    return options;
  }

  /**
   * For a connection that tests whether a member is accepted.
   *
   * <p>TLS 1.2, where the server checks the client's certificate before the handshake is over; with 1.3 a client that
   * is refused learns of it only later.
   */
  NetClientOptions trial() {
    return new NetClientOptions()
      .setSsl(true)
      .setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
      .setKeyCertOptions(trust.shown().orElseThrow())
      .setTrustOptions(trust.trusted().orElseThrow())
      .setHostnameVerificationAlgorithm("");
  }
}
