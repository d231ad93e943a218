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
 * Sets up TLS for HTTP servers with the current certificate, and replaces it when it is renewed.
 *
 * <p>Open connections keep the certificate that they began with. For the context of one verticle.
 */
public final class ServerTls {
  /** Versions before 1.2 are broken. */
  static final Set<String> VERSIONS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);
  private static final long POLL_MS = 1_000;

  private final Supplier<Optional<Certificate>> source;
  private Optional<Certificate> current;

  /** @param source the current certificate; always empty for a server without TLS */
  public ServerTls(Supplier<Optional<Certificate>> source) {
    this.source = source;
    this.current = source.get();
  }

  /** Configures a server that does not listen yet. */
  public HttpServerOptions applyTo(HttpServerOptions options) {
    // No HTTP/2, though browsers support it: all streams of a browser share one connection, so closing it on a client
    // that keeps sending an unwanted body, or pausing reads for an upload to a slow instance, would affect all of the
    // client's other requests too.
    current.ifPresent(certificate -> options
      .setSsl(true)
      .setUseAlpn(false)
      .setEnabledSecureTransportProtocols(VERSIONS)
      .setKeyCertOptions(certificate.options()));
    return options;
  }

  /** Serves the current certificate to new connections, as soon as it changes. */
  public void follow(Vertx vertx, List<HttpServer> servers) {
    if (current.isPresent()) {
      vertx.setPeriodic(POLL_MS, tick -> renew(servers));
    }
  }

  private void renew(List<HttpServer> servers) {
    Optional<Certificate> now = source.get();
    if (now.equals(current)) {
      return;
    }
    current = now;
    ServerSSLOptions options = new ServerSSLOptions();
    options.setEnabledSecureTransportProtocols(VERSIONS).setKeyCertOptions(now.orElseThrow().options());
    servers.forEach(server -> server.updateSSLOptions(options)
      .onFailure(cause -> log.error("Could not switch to a new certificate, the old one stays: certificate={} port={}",
        now.get(), server.actualPort(), cause)));
  }
}
