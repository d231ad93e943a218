package io.anteroom.config.tls;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of HTTP servers that are alike: with the certificate in force when they begin to listen, and with each that
 * follows it.
 *
 * <p>Open connections go on with the certificate that they began with. For the context of one verticle.
 */
public final class ServerTls {
  /** What came before 1.2 is broken. */
  static final Set<String> VERSIONS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);
  private static final long LOOK_MS = 1_000;

  private final Supplier<Optional<Certificate>> source;
  private Optional<Certificate> shown;

  /** @param source the one in force; empty, and ever so, for a server without TLS */
  public ServerTls(Supplier<Optional<Certificate>> source) {
    this.source = source;
    this.shown = source.get();
  }

  /** Sets up a server that does not listen yet. */
  public HttpServerOptions applyTo(HttpServerOptions options) {
    // No HTTP/2, though browsers would speak it: all streams of a browser share one connection, and what we do to a
    // connection, such as to hang up on a client that goes on sending what nobody wants, or to stop reading an upload
    // because its instance is slow, would hit all of its other requests too.
    shown.ifPresent(certificate -> options
      .setSsl(true)
      .setUseAlpn(false)
      .setEnabledSecureTransportProtocols(VERSIONS)
      .setKeyCertOptions(certificate.options()));
    return options;
  }

  /** Shows new connections to these servers the one in force, from the time that it is. */
  public void follow(Vertx vertx, List<HttpServer> servers) {
    if (shown.isPresent()) {
      vertx.setPeriodic(LOOK_MS, tick -> renew(servers));
    }
  }

  private void renew(List<HttpServer> servers) {
    Optional<Certificate> now = source.get();
    if (now.equals(shown)) {
      return;
    }
    shown = now;
    ServerSSLOptions options = new ServerSSLOptions();
    options.setEnabledSecureTransportProtocols(VERSIONS).setKeyCertOptions(now.orElseThrow().options());
    servers.forEach(server -> server.updateSSLOptions(options)
      .onFailure(cause -> log.error("A new certificate is not shown, the old one goes on: certificate={} port={}",
        now.get(), server.actualPort(), cause)));
  }
}
