package io.anteroom.redis.embedded;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.anteroom.redis.ShortLivedOwner;
import io.anteroom.redis.embedded.RedisProcess.Probe;
import io.anteroom.support.FreePorts;
import io.anteroom.support.LogLines;
import io.anteroom.support.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Redis of our own: what it keeps, and whom it stands in the way of. */
class EmbeddedRedisIT {
  private static final long MAX_MEMORY = 64L << 20;
  private final Path directory = TestRedis.freshDirectory();
  private final int port = FreePorts.next();
  private final Vertx vertx = Vertx.vertx();
  private final List<EmbeddedRedis> started = new ArrayList<>();
  private final List<Process> anterooms = new ArrayList<>();

  @AfterEach
  void stopAll() {
    anterooms.forEach(Process::destroyForcibly);
    started.forEach(EmbeddedRedis::stop);
    done(vertx.close());
  }

  @Test
  void whatItKeepsSurvivesAStopAndStart() {
    EmbeddedRedis first = start(port);
    ask(first, "SET", "kept", "yes");
    first.stop();

    assertThat(ask(start(port), "GET", "kept")).isEqualTo("yes");
  }

  @Test
  void afterAKillItIsStartedAgainWithWhatItKept() {
    EmbeddedRedis redis = start(port);
    ask(redis, "SET", "kept", "yes");
    long killed = redis.pid();

    for (int times = 0; times < 2; times++) {
      long pid = redis.pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      until(() -> redis.pid() != pid);
    }

    assertThat(ask(redis, "GET", "kept")).isEqualTo("yes");
    assertThat(redis.pid()).isNotEqualTo(killed);
    redis.stop();
    assertThat(Probe.isReady(port, password())).isFalse();
  }

  /** As on a disk that is full: for a while it cannot be started. */
  @Test
  void itIsStartedAsSoonAsItCanBeAndStoppedAlsoWhenItCannot() throws IOException {
    EmbeddedRedis redis = start(port);
    long pid = redis.pid();
    Path inItsWay = directory.resolve("redis.conf").resolve("something");
    Files.delete(inItsWay.getParent());
    Files.createDirectories(inItsWay);
    try (LogLines lines = new LogLines(EmbeddedRedis.class)) {
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      until(() -> lines.errors().stream().anyMatch(line -> line.contains("trying again")));
      Files.delete(inItsWay);

      until(() -> redis.pid() != pid);

      assertThat(lines.errors()).filteredOn(line -> line.contains("trying again")).hasSize(1);
    }
    ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
    redis.stop();
    assertThat(Probe.isReady(port, password())).isFalse();
  }

  @Test
  void everyAcknowledgedWriteIsOnDiskAndNothingIsEvicted() {
    EmbeddedRedis redis = start(port);

    assertThat(ask(redis, "CONFIG", "GET", "appendfsync")).contains("always");
    assertThat(ask(redis, "CONFIG", "GET", "maxmemory-policy")).contains("noeviction");
    assertThat(ask(redis, "CONFIG", "GET", "maxmemory")).contains(String.valueOf(MAX_MEMORY));
    assertThat(ask(redis, "CONFIG", "GET", "bind")).contains("127.0.0.1").doesNotContain("0.0.0.0");
  }

  @Test
  void nobodyElseReadsItsPasswordOrItsData() throws IOException {
    start(port);

    for (String file : List.of("redis.password", "redis.conf")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
        .isEqualTo("rw-------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
    assertThat(Probe.isReady(port, "guessed")).isFalse();
  }

  @Test
  void aRedisLeftBehindByAKilledAnteroomIsTakenOverAsItRuns() throws Exception {
    long orphan = leftBehindOn(port);

    EmbeddedRedis heir = start(port);

    assertThat(heir.pid()).isEqualTo(orphan);
    heir.stop();
    await().atMost(Duration.ofSeconds(60)).until(() -> ProcessHandle.of(orphan).isEmpty());
  }

  @Test
  void aRedisLeftBehindOnAnotherPortIsStoppedFirst() throws Exception {
    long orphan = leftBehindOn(FreePorts.next());

    EmbeddedRedis heir = start(port);

    assertThat(ProcessHandle.of(orphan)).isEmpty();
    assertThat(ask(heir, "GET", "kept")).isEqualTo("yes");
  }

  @Test
  void aSecondAnteroomMayNotUseTheSameDirectory() {
    start(port);

    assertThatIllegalStateException().isThrownBy(() -> start(FreePorts.next()))
      .withMessageContaining("another Anteroom").withMessageContaining("data.dir");
  }

  @Test
  void aForeignPortIsComplainedOfByNameAndLeftAlone() throws IOException {
    try (ServerSocket foreign = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      foreign.setSoTimeout(1);

      assertThatIllegalStateException().isThrownBy(() -> start(port))
        .withMessageContaining("Port " + port).withMessageContaining("redis.port");
    }
    assertThat(start(port).pid()).isPositive();
  }

  @Test
  void withoutAnExecutableThatRunsTheComplaintSaysWhatToDo() throws IOException {
    Path nowhere = Files.createDirectories(directory);
    Path broken = Files.writeString(nowhere.resolve("redis-server"), "not a program");
    assertThat(broken.toFile().setExecutable(true)).isTrue();

    assertThatIllegalStateException()
      .isThrownBy(() -> new RedisBinary(nowhere.resolve("missing"), nowhere.toString()).find())
      .withMessageContaining("Install redis-server").withMessageContaining("redis.url");
  }

  @Test
  void anInstalledRedisServesWhereTheBundledOneCannot() throws IOException {
    Path bundled = new RedisBinary(Files.createDirectories(directory)).find();
    Path installed = Files.createDirectories(directory.resolve("bin")).resolve("redis-server");
    Files.copy(bundled, installed, StandardCopyOption.COPY_ATTRIBUTES);

    assertThat(new RedisBinary(directory.resolve("missing"), installed.getParent().toString()).find())
      .isEqualTo(installed);
  }

  private String password() {
    return new RedisDataDirectory(directory).password();
  }

  private EmbeddedRedis start(int onPort) {
    EmbeddedRedis redis = new EmbeddedRedis(directory, onPort, MAX_MEMORY, 0);
    redis.start();
    started.add(redis);
    return redis;
  }

  /** The process id of a Redis whose Anteroom was killed with -9 after it had written something. */
  private long leftBehindOn(int onPort) throws Exception {
    Process anteroom = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ShortLivedOwner.class.getName(),
      directory.toString(), Integer.toString(onPort)).inheritIO().start();
    anterooms.add(anteroom);
    Path ready = directory.resolve("ready");
    await().atMost(Duration.ofSeconds(120)).until(() -> Files.exists(ready) || !anteroom.isAlive());
    anteroom.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    EmbeddedRedis orphan = new EmbeddedRedis(directory, onPort);
    ask(orphan, "SET", "kept", "yes");
    return Long.parseLong(Files.readString(ready));
  }

  private String ask(EmbeddedRedis redis, String command, String... args) {
    Request request = Request.cmd(Command.create(command));
    List.of(args).forEach(request::arg);
    Redis client = Redis.createClient(vertx, redis.access().urls().get(0));
    return done(client.send(request).map(String::valueOf).eventually(() -> client.close()));
  }
}
