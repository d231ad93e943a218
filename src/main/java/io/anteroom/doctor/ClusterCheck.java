package io.anteroom.doctor;

import io.anteroom.config.Settings;
import io.anteroom.doctor.Report.Finding;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks that this node can listen on its ports and reaches the other nodes. */
final class ClusterCheck {
  private static final String PORTS = "ports";
  private static final String CLUSTER = "cluster";
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final int TIMEOUT_MS = 3_000;

  private final Vertx vertx;
  private final Settings settings;
  private final NetClient client;

  /** The readiness answer of a node that runs on this machine. */
  private record Own(int status, Buffer body) {
    /** The failed readiness checks. */
    String failedChecks() {
      try {
        JsonObject checks = body.toJsonObject().getJsonObject("checks", new JsonObject());
        return checks.fieldNames().stream()
          .filter(name -> !checks.getJsonObject(name).getBoolean("ok", true))
          .map(name -> name + ": " + checks.getJsonObject(name).getString("why")).collect(Collectors.joining("; "));
      } catch (DecodeException | ClassCastException another) {
        return "its answer is not that of an Anteroom";
      }
    }
  }

  ClusterCheck(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(TIMEOUT_MS));
  }

  Future<List<Finding>> findings() {
    return ownAnswer().compose(answer -> {
      List<Future<Finding>> findings = new ArrayList<>();
      findings.add(Future.succeededFuture(
        answer.map(ClusterCheck::running).orElseGet(() -> new Preflight(settings).ports())));
      findings.add(Future.succeededFuture(store()));
      others().map(this::member).forEach(findings::add);
      return Future.all(findings).map(all -> all.<Finding>list());
    });
  }

  /** The readiness of a node with these settings; empty if none runs. */
  private Future<Optional<Own>> ownAnswer() {
    String host = settings.http().adminHost().equals(EVERY_ADDRESS) ? "127.0.0.1" : settings.http().adminHost();
    // The certificate is issued for the names that students or admins use, not for this request.
    HttpClientOptions own = new HttpClientOptions()
      .setSsl(settings.http().adminTls().isPresent()).setTrustAll(true).setVerifyHost(false);
    HttpClient client = vertx.createHttpClient(own);
    // Closed at the end, which also keeps it referenced: one without a reference may be closed during a request.
    return client.request(HttpMethod.GET, settings.http().adminPort(), host, "/health/ready")
      .compose(request -> request.idleTimeout(TIMEOUT_MS).send())
      .compose(response -> response.body().map(body -> new Own(response.statusCode(), body)))
      .map(answer -> Optional.of(answer).filter(known -> known.status() == 200 || known.status() == 503))
      .otherwise(Optional.empty())
      .eventually(client::close);
  }

  private static Finding running(Own answer) {
    return answer.status() == 200 ? Finding.ok(PORTS, "an Anteroom already runs here, and is ready")
      : Finding.wrong(PORTS, "an Anteroom already runs here, and is not ready: " + answer.failedChecks(),
        "see its log; it becomes ready by itself once that is fixed");
  }

  private Finding store() {
    boolean alone = settings.cluster().members().size() < 2;
    return alone || settings.redis().url().isPresent()
      ? Finding.ok(CLUSTER, alone ? "the settings name no other members" : "all members share one Redis")
      : Finding.wrong(CLUSTER, "several members, but this one would run a Redis of its own",
        "set redis.url to the same Redis on every node: one with another store than the cluster does not serve");
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
        "expected if it has not been started yet; otherwise check its cluster.host, cluster.port and the firewall"));
  }
}
