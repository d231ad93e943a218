package io.anteroom.support.redis;

import static io.anteroom.support.Awaited.done;

import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.TaskQueue;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.redis.embedded.EmbeddedRedis;
import io.anteroom.support.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real Redis for one test class, on a free port, with its data in a fresh directory under {@code target}. */
public final class TestRedis implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EmbeddedRedis server;
  private final Thread lastCare;
  private final Vertx vertx = Vertx.vertx();
  private final Redis client;

  private TestRedis(EmbeddedRedis server) {
    this.server = server;
    this.lastCare = new Thread(server::stop, "stop-test-redis");
    this.client = Redis.createClient(vertx, server.access().urls().get(0));
  }

  /** Starts one. */
  public static TestRedis start() {
    EmbeddedRedis server = new EmbeddedRedis(freshDirectory(), FreePorts.next());
    server.start();
    TestRedis redis = new TestRedis(server);
    Runtime.getRuntime().addShutdownHook(redis.lastCare);
    return redis;
  }

  public RedisEndpoint access() {
    return server.access();
  }

  /** A queue on it that takes no busy machine for a Redis that is away. */
  public RedisTaskQueue queue(Vertx caller) {
    return new RedisTaskQueue(caller, access(), PATIENCE);
  }

  /** The sign-ins on it, with the same patience. */
  public RedisSignInStore signIns(Vertx caller) {
    return new RedisSignInStore(caller, access(), PATIENCE);
  }

  /** Forgets everything. */
  public void flush() {
    ask("FLUSHALL");
  }

  /** For a queue on it without a dispatcher: its instances are read, and have nothing. */
  public void isRecovered(TaskQueue queue) {
    Recovery now = done(queue.nextRecovery("test"));
    done(queue.recover(now.generation(), now.unread().stream()
      .map(instance -> new Reading(instance, true, List.of())).toList()));
  }

  /** Stops it in good order; its data stay. */
  public void down() {
    server.stop();
  }

  /** Starts it again on the same data and port. */
  public void up() {
    server.start();
  }

  /** {@code kill -9}; {@link #up} starts it again. */
  public void kill() {
    ProcessHandle process = process();
    process.destroyForcibly();
    process.onExit().join();
    server.stop();
  }

  /** It takes what is sent to it and answers nothing, until {@link #thaw}. */
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  /** It has no memory left for anything new. */
  public void isFull() {
    ask("CONFIG", "SET", "maxmemory", "1");
  }

  public void hasRoom() {
    ask("CONFIG", "SET", "maxmemory", "0");
  }

  /** It becomes the replica of a master that does not answer. */
  public void losesItsMaster() {
    ask("REPLICAOF", "127.0.0.1", String.valueOf(FreePorts.next()));
  }

  public void isMaster() {
    ask("REPLICAOF", "NO", "ONE");
  }

  /** Somebody else's script keeps it busy without an end. */
  public void isBusy() {
    ask("CONFIG", "SET", "lua-time-limit", "1");
    client.send(Request.cmd(Command.EVAL).arg("while true do end").arg("0"));
  }

  public void isFree() {
    ask("SCRIPT", "KILL");
  }

  /** Sends one command past the queue, to look at what it keeps or to break it. */
  public Response ask(String command, String... args) {
    Request request = Request.cmd(Command.create(command));
    for (String arg : args) {
      request.arg(arg);
    }
    return done(client.send(request));
  }

  @Override
  public void close() {
    done(client.close());
    done(vertx.close());
    server.stop();
    Runtime.getRuntime().removeShutdownHook(lastCare);
  }

  private ProcessHandle process() {
    return ProcessHandle.of(server.pid()).orElseThrow();
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(server.pid())).start().waitFor();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A directory of its own under {@code target}. */
  public static Path freshDirectory() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target", "redis")), "data").resolve("redis");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
