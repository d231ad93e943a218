package io.anteroom.admin;

import io.anteroom.config.Settings;
import io.anteroom.config.files.DiskSpace;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks whether this node can serve students now: its store is that of the cluster and answers, and its port is open.
 */
final class ReadinessCheck {
  private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "[::]");
  private static final int TIMEOUT_MILLIS = 2_000;

  private final TaskQueue queue;
  private final Settings settings;
  private final Supplier<String> objection;
  private final DiskSpace disk;
  private final NetClient client;

  /** The result of a check; {@code why} is empty if there is nothing to report. */
  record Check(String name, boolean ok, String why) {
  }

  /** @param objection why the node does not serve; empty if it does */
  ReadinessCheck(Vertx vertx, TaskQueue queue, Settings settings, Supplier<String> objection) {
    this.objection = objection;
    this.queue = queue;
    this.settings = settings;
    this.disk = new DiskSpace(settings.dataDir(), settings.redis().storage().minFree());
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(TIMEOUT_MILLIS));
  }

  /** Runs all checks; never fails. */
  Future<List<Check>> run() {
    Stream<Future<Check>> port = settings.roles().contains(Settings.Role.EDGE)
      ? Stream.of(check("http", connect())) : Stream.empty();
    String why = objection.get();
    Check cluster = new Check("cluster", why.isEmpty(), why);
    List<Future<Check>> checks = Stream.of(
        Stream.of(Future.succeededFuture(cluster), check("queue", queue.stats())), port, disk().stream())
      .flatMap(Function.identity()).toList();
    return Future.join(checks).map(done -> checks.stream().map(Future::result).toList());
  }

  /** A disk that runs low is reported, but does not fail readiness: the store works while there is room. */
  private Optional<Future<Check>> disk() {
    return settings.redis().url().isPresent() ? Optional.empty() : Optional.of(Future.succeededFuture(
      new Check("disk", true, disk.shortage().orElse(""))));
  }

  private Future<Void> connect() {
    Settings.Http http = settings.http();
    String host = ALL_ADDRESSES.contains(http.host()) ? "127.0.0.1" : http.host();
    return client.connect(http.port(), host).compose(NetSocket::close);
  }

  private static Future<Check> check(String name, Future<?> attempt) {
    return attempt.timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
      .map(done -> new Check(name, true, ""))
      .otherwise(failure -> new Check(name, false, failure.getMessage()));
  }
}
