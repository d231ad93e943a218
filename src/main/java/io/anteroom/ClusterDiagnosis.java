package io.anteroom;

import io.anteroom.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Judges whether this node can listen where it should and reaches the others. */
final class ClusterDiagnosis {
  private static final String CLUSTER = "cluster";
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final int PATIENCE_MS = 3_000;

  private final Vertx vertx;
  private final Settings settings;
  private final NetClient client;

  ClusterDiagnosis(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(PATIENCE_MS));
  }

  Future<List<Finding>> findings() {
    return isRunning().compose(running -> {
      List<Future<Finding>> findings = new ArrayList<>();
      findings.add(Future.succeededFuture(running ? Finding.ok("ports", "an Anteroom runs here already, and is well")
        : new Preflight(settings).ports()));
      findings.add(Future.succeededFuture(store()));
      others().map(this::member).forEach(findings::add);
      return Future.all(findings).map(all -> all.<Finding>list());
    });
  }

  /** Whether a node with these settings answers on its admin port. */
  private Future<Boolean> isRunning() {
    String host = settings.http().adminHost().equals(EVERY_ADDRESS) ? "127.0.0.1" : settings.http().adminHost();
    // Its certificate is made for students' or admins' names, and not for this question of ourselves.
    HttpClientOptions own = new HttpClientOptions()
      .setSsl(settings.http().adminTls().isPresent()).setTrustAll(true).setVerifyHost(false);
    HttpClient asking = vertx.createHttpClient(own);
    // Closed at the end, and so held until then: a client that nobody holds may be closed while it asks.
    return asking.request(HttpMethod.GET, settings.http().adminPort(), host, "/health/live")
      .compose(request -> request.idleTimeout(PATIENCE_MS).send())
      .map(response -> response.statusCode() == 200)
      .otherwise(false)
      .eventually(asking::close);
  }

  private Finding store() {
    boolean alone = settings.cluster().members().size() < 2;
    return alone || settings.redis().url().isPresent()
      ? Finding.ok(CLUSTER, alone ? "no other members are named in the settings" : "all members share one Redis")
      : Finding.warning(CLUSTER, "several members, but this one would run a Redis of its own",
        "set redis.url to the same Redis on every node: a queue for each node keeps no common limit");
  }

  private Stream<String> others() {
    Settings.Cluster cluster = settings.cluster();
    return cluster.members().stream().filter(member -> !member.equals(cluster.address() + ":" + cluster.port()));
  }

  private Future<Finding> member(String member) {
    int colon = member.lastIndexOf(':');
    String host = member.substring(0, colon).replaceAll("[\\[\\]]", "");
    return client.connect(SocketAddress.inetSocketAddress(Integer.parseInt(member.substring(colon + 1)), host))
      .compose(NetSocket::close)
      .map(Finding.ok(CLUSTER, member + " is reachable"))
      .otherwise(cause -> Finding.warning(CLUSTER, "%s is not reachable: %s".formatted(member, cause.getMessage()),
        "well, if it has not been started yet; else check its cluster.host, cluster.port and the firewall"));
  }
}
