package io.anteroom.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the Redis servers of a machine a node starts. */
class RedisBinaryTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @CsvSource({"redis-server, Redis server v=7.0.15 sha=00000000:0, true", "redis-server, Redis server v=6.2.30, true",
    "valkey-server, Valkey server v=8.1.4 sha=00000000:0, true", "redis-server, Redis server v=6.2.10 sha=0, false",
    "redis-server, Redis server v=5.0.14, false", "redis-server, something else, false",
    "redis-sentinel, Redis server v=8.0.0, false"})
  void anInstalledOneIsStartedWhereItIsNewer(String name, String saying, boolean started) throws IOException {
    Path installed = install(name, saying);

    Path found = new RedisBinary(directory, installed.getParent().toString()).find();

    assertThat(found.equals(installed)).isEqualTo(started);
  }

  @Test
  void anOlderOneIsNotStartedOnDataOfRedis7WhichItWouldNotSee() throws IOException {
    Files.createDirectories(directory.resolve("appendonlydir"));

    assertThatIllegalStateException().isThrownBy(() -> new RedisBinary(directory, "").find())
      .withMessageContaining("Redis 7").withMessageContaining(directory.toString()).withMessageContaining("redis.url");

    Path newer = install("redis-server", "Redis server v=7.2.11");
    assertThat(new RedisBinary(directory, newer.getParent().toString()).find()).isEqualTo(newer);
  }

  private Path install(String name, String saying) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("bin"));
    Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\necho '" + saying + "'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }
}
