package io.anteroom.redis;

import io.anteroom.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/** A process that starts an embedded Redis and is killed before it can stop it. */
public final class ShortLivedOwner {
  private ShortLivedOwner() {
  }

  /** Writes the process id of its Redis to the file {@code ready}, and waits for its end. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[0]);
    EmbeddedRedis redis = new EmbeddedRedis(directory, Integer.parseInt(args[1]));
    redis.start();
    Path written = Files.writeString(directory.resolve("ready.new"), Long.toString(redis.pid()));
    Files.move(written, directory.resolve("ready"), StandardCopyOption.ATOMIC_MOVE);
    new CountDownLatch(1).await();
  }
}
