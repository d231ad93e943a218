package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static org.awaitility.Awaitility.await;

import io.anteroom.redis.embedded.RedisBinary;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A master, its replica and three Sentinels that watch them, as processes on this machine. */
public final class SentinelFixture implements AutoCloseable {
  /** What the Sentinels call the master. */
  public static final String MASTER = "lab";

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  /** A replica is taken for ten times as long after it lost its master. */
  private static final int DOWN_AFTER_MILLIS = 5_000;

  private final Path folder = TestRedis.freshDirectory();
  private final Path executable;
  private final int master = FreePorts.next();
  private final int replica = FreePorts.next();
  private final List<Integer> sentinels = List.of(FreePorts.next(), FreePorts.next(), FreePorts.next());
  private final List<Process> processes = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();

  private SentinelFixture() throws IOException {
    executable = new RedisBinary(Files.createDirectories(folder)).find();
  }

  /** Starts it and waits until the Sentinels know the replica. */
  public static SentinelFixture start() throws IOException {
    SentinelFixture lab = new SentinelFixture();
    lab.launch(lab.master, "save \"\"");
    lab.launch(lab.replica, "save \"\"\nreplicaof 127.0.0.1 " + lab.master);
    await().atMost(PATIENCE).until(() -> lab.says(lab.master, "connected_slaves:1", "INFO", "replication"));
    for (int port : lab.sentinels) {
      lab.launch(port, "sentinel monitor %s 127.0.0.1 %d 2\nsentinel down-after-milliseconds %s %d"
        .formatted(MASTER, lab.master, MASTER, DOWN_AFTER_MILLIS), "--sentinel");
    }
    lab.sentinels.forEach(port -> await().atMost(PATIENCE).until(() ->
      lab.says(port, "slaves=1,sentinels=3", "INFO", "sentinel")));
    return lab;
  }

  /** The Sentinels, as {@code redis.url} names them. */
  public String url() {
    return sentinels.stream().map(port -> "redis://127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /** The replica has everything until now, and learns nothing from now on. */
  public void cutReplication() {
    await().atMost(PATIENCE).until(() -> ask(master, "WAIT", "1", "1000").toInteger() == 1);
    ask(master, "ACL", "SETUSER", "default", "-psync", "-sync");
    ask(master, "CLIENT", "KILL", "TYPE", "replica");
  }

  /** {@code kill -9}; returns when the replica has become the master. */
  public void killMaster() throws InterruptedException {
    processes.get(0).destroyForcibly().waitFor();
    await().atMost(PATIENCE).until(() -> says(replica, "role:master", "INFO", "replication"));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    done(vertx.close());
  }

  private void launch(int port, String settings, String... more) throws IOException {
    Path home = Files.createDirectories(folder.resolve(String.valueOf(port)));
    Path file = Files.writeString(home.resolve("redis.conf"), "bind 127.0.0.1\nport %d\ndir %s\n%s\n"
      .formatted(port, home.toAbsolutePath(), settings));
    List<String> command = new ArrayList<>(List.of(executable.toAbsolutePath().toString(), file.toString()));
    command.addAll(List.of(more));
    processes.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(home.resolve("log").toFile())
      .start());
  }

  private boolean says(int port, String word, String... command) {
    try {
      return ask(port, command).toString().contains(word);
    } catch (Exception | AssertionError notYet) {
      return false;
    }
  }

  private Response ask(int port, String... command) {
    Redis client = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
    Request request = Request.cmd(Command.create(command[0]));
    IntStream.range(1, command.length).forEach(at -> request.arg(command[at]));
    return done(client.send(request).eventually(client::close));
  }
}
