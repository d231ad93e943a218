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

/** Judges whether this node can listen where it should and reaches the others. */
final class ClusterCheck {
  private static final String PORTS = "ports";
  private static final String CLUSTER = "cluster";
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final int PATIENCE_MS = 3_000;

  private final Vertx vertx;
  private final Settings settings;
  private final NetClient client;

  /** How a node is that runs here. */
  private record Own(int status, Buffer body) {
    /** What is in the way of its being ready. */
    String complaints() {
      try {
        JsonObject checks = body.toJsonObject().getJsonObject("checks", new JsonObject());
        return checks.fieldNames().stream()
          .filter(name -> !checks.getJsonObject(name).getBoolean("ok", true))
          .map(name -> name + ": " + checks.getJsonObject(name).getString("why")).collect(Collectors.joining("; "));
      } catch (DecodeException | ClassCastException another) {
        return "its answer is not ours";
      }
    }
  }

  ClusterCheck(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(PATIENCE_MS));
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

  /** What a node with these settings answers when it is asked whether it is ready; empty when none runs. */
  private Future<Optional<Own>> ownAnswer() {
    String host = settings.http().adminHost().equals(EVERY_ADDRESS) ? "127.0.0.1" : settings.http().adminHost();
    // Its certificate is made for students' or admins' names, and not for this question of ourselves.
    HttpClientOptions own = new HttpClientOptions()
      .setSsl(settings.http().adminTls().isPresent()).setTrustAll(true).setVerifyHost(false);
    HttpClient asking = vertx.createHttpClient(own);
    // Closed at the end, and so held until then: a client that nobody holds may be closed while it asks.
    return asking.request(HttpMethod.GET, settings.http().adminPort(), host, "/health/ready")
      .compose(request -> request.idleTimeout(PATIENCE_MS).send())
      .compose(response -> response.body().map(body -> new Own(response.statusCode(), body)))
      .map(answer -> Optional.of(answer).filter(known -> known.status() == 200 || known.status() == 503))
      .otherwise(Optional.empty())
      .eventually(asking::close);
  }

  private static Finding running(Own answer) {
    return answer.status() == 200 ? Finding.ok(PORTS, "an Anteroom runs here already, and is well")
      : Finding.wrong(PORTS, "an Anteroom runs here already, and is not ready: " + answer.complaints(),
        "see its log; it is ready again by itself when that is put right");
  }

  private Finding store() {
    boolean alone = settings.cluster().members().size() < 2;
    return alone || settings.redis().url().isPresent()
      ? Finding.ok(CLUSTER, alone ? "no other members are named in the settings" : "all members share one Redis")
      : Finding.wrong(CLUSTER, "several members, but this one would run a Redis of its own",
        "set redis.url to the same Redis on every node: one that meets another with a store of its own does not serve");
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
