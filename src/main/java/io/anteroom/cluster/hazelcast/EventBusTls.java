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
 * TLS between the event buses of all members: each shows a certificate, and believes only those of one authority.
 *
 * <p>The name in a certificate does not matter. Members reach one another by addresses that change with the machine,
 * and whoever has a certificate of this authority is a member: that is the whole question. So the authority has to
 * issue them for nodes alone; with one that issues them for others too, those others would be let in.
 */
final class EventBusTls {
  private static final Set<String> VERSIONS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));
  /** The member attribute by which others see whether a member has it. */
  private static final String ATTRIBUTE = "anteroom.event_bus_tls";

  private final TlsTrust trust;

  EventBusTls(TlsTrust trust) {
    this.trust = trust;
  }

  boolean isOn() {
    return trust.isMutual();
  }

  /** The same configuration, in which others can read whether this member has TLS. */
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
        // Unless told so, an event bus believes every server.
        .setTrustAll(false);
    }
    return options;
  }

  /**
   * For a connection that tries whether a member is let in.
   *
   * <p>By TLS 1.2, where the server judges the client's certificate before the handshake is over; with 1.3 a client
   * that is refused believes at first that it is in.
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
