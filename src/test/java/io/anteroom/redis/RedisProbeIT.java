package io.anteroom.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anteroom.config.Settings;
import io.anteroom.redis.RedisProbe.RedisFacts;
import io.anteroom.support.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.core.ExecutableProvider;

@ExtendWith(VertxExtension.class)
class RedisProbeIT {
  @TempDir
  private Path folder;
  private final int port = FreePorts.next();
  private Process redis;

  @BeforeEach
  void redis() throws IOException {
    File executable = ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
    redis = new ProcessBuilder(executable.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1",
      "--requirepass", "s3cret", "--dir", folder.toString(), "--appendonly", "yes", "--appendfsync", "everysec",
      "--maxmemory-policy", "allkeys-lru").redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile())
      .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    redis.destroy();
    redis.waitFor();
  }

  @Test
  void redisShowsWhatTheQueueDependsOn(Vertx vertx) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> look(vertx, "s3cret") != null);

    RedisFacts facts = look(vertx, "s3cret");

    assertThat(facts.version()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(facts.appendonly()).isEqualTo("yes");
    assertThat(facts.appendfsync()).isEqualTo("everysec");
    assertThat(facts.maxmemoryPolicy()).isEqualTo("allkeys-lru");
    assertThatThrownBy(() -> look(vertx, "wrong")).hasMessageContaining("WRONGPASS");
  }

  private RedisFacts look(Vertx vertx, String password) {
    Optional<String> url = Optional.of("redis://:%s@127.0.0.1:%d".formatted(password, port));
    return RedisProbe.probe(vertx, new Settings.Redis(url, "standalone", "mymaster", 6390)).await();
  }
}
