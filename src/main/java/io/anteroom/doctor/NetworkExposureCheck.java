package io.anteroom.doctor;

import io.anteroom.config.RedisUrl;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.net.Loopback;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Warns of connections that leave this machine unencrypted or unauthenticated. */
final class NetworkExposureCheck {
  private static final String SUBJECT = "network";
  private static final Duration SOON = Duration.ofDays(14);

  private final Settings settings;
  private final Clock clock;

  NetworkExposureCheck(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The warnings, or one positive finding if there are none. Blocks while it reads certificates. */
  List<Finding> findings() {
    List<Finding> findings = Stream.of(students(), admins(), eventBus(), redis())
      .flatMap(Optional::stream).toList();
    List<Finding> certificates = Stream.of(settings.http().tls(), settings.http().adminTls(),
        settings.redis().tls().own(), settings.cluster().tls().own())
      .flatMap(Optional::stream).distinct().flatMap(this::certificate).toList();
    List<Finding> all = Stream.concat(findings.stream(), certificates.stream()).toList();
    return all.isEmpty() ? List.of(Finding.ok(SUBJECT, "nothing leaves this machine unencrypted")) : all;
  }

  private Optional<Finding> students() {
    Settings.Http http = settings.http();
    boolean encrypted = http.tls().isPresent()
      || http.front().publicUrl().filter(url -> "https".equals(url.getScheme())).isPresent();
    return warning(!encrypted && !Loopback.is(http.host()),
      "students connect without TLS: anyone on the network can read their traffic and act as them",
      "set http.tls.cert and http.tls.key, or http.public_url if a proxy in front terminates TLS");
  }

  private Optional<Finding> admins() {
    Settings.Http http = settings.http();
    return warning(http.adminTls().isEmpty() && !Loopback.is(http.adminHost()),
      "the admin port can be reached from other machines without TLS",
      "set http.admin_tls.cert and http.admin_tls.key, or http.admin_host to 127.0.0.1");
  }

  private Optional<Finding> eventBus() {
    Settings.Cluster cluster = settings.cluster();
    return warning(!Loopback.is(cluster.address()) && !cluster.tls().isMutual(),
      "nodes communicate without TLS, and any host that reaches port %d or %d can join the cluster"
        .formatted(cluster.port(), cluster.eventBusPort()),
      "set cluster.tls.cert, key and ca on all nodes; in any case let the firewall admit only nodes to both ports");
  }

  private Optional<Finding> redis() {
    return warning(settings.redis().url().stream().flatMap(urls -> RedisUrl.each(urls).stream())
        .anyMatch(NetworkExposureCheck::isPlaintext),
      "Redis is reached over the network without TLS: its password and all workflows can be read in transit",
      "enable TLS in Redis and use rediss:// in redis.url");
  }

  private static boolean isPlaintext(String url) {
    return url.startsWith("redis:") && !Loopback.is(URI.create(url).getHost());
  }

  private Stream<Finding> certificate(CertificateFiles files) {
    Instant now = clock.instant();
    Optional<Finding> open = warning(files.isKeyOpenToAll(),
      "%s can be read by every account on this machine".formatted(files.key()),
      "chmod 600 " + files.key());
    Optional<Finding> late = files.read().certificate().filter(found -> found.rest(now).compareTo(SOON) < 0)
      .flatMap(found -> warning(true, "the certificate in %s expires in %d days"
        .formatted(files.chain(), found.rest(now).toDays()), "renew it; a running node reloads the files by itself"));
    return Stream.of(open, late).flatMap(Optional::stream);
  }

  private static Optional<Finding> warning(boolean isSo, String text, String remedy) {
    return isSo ? Optional.of(Finding.warning(SUBJECT, text, remedy)) : Optional.empty();
  }
}
