package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.anteroom.edge.auth.jwt.ProviderClient.Unusable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileProps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Public keys in a file, read again after it has changed and stood still from one look to the next. A changed file that
 * is of no use changes nothing.
 */
final class KeyFile implements KeySource {
  private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final long LARGEST = 1 << 20;

  private final Vertx vertx;
  private final String path;
  private final Duration interval;
  private volatile VerificationKeys inForce;
  /** What the file looked like when it was read, and at the last look; touched by the timer's context only. */
  private Stamp read;
  private Stamp seen;

  private record Stamp(long modified, long size) {
    private static final Stamp ABSENT = new Stamp(0, -1);

    static Stamp of(FileProps file) {
      return new Stamp(file.lastModifiedTime(), file.size());
    }
  }

  KeyFile(Vertx vertx, String path) {
    this(vertx, path, INTERVAL);
  }

  KeyFile(Vertx vertx, String path, Duration interval) {
    this.vertx = vertx;
    this.path = path;
    this.interval = interval;
  }

  @Override
  public Future<Void> open() {
    return look()
      .compose(stamp -> read(stamp), absent -> Future.failedFuture(new Unusable("the file cannot be read")))
      .onSuccess(done -> vertx.setPeriodic(interval.toMillis(), tick -> lookAgain()));
  }

  @Override
  public Optional<VerificationKeys> inForce() {
    return Optional.ofNullable(inForce);
  }

  @Override
  public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
    return Future.succeededFuture(inForce());
  }

  private void lookAgain() {
    look().otherwise(Stamp.ABSENT)
      .compose(stamp -> {
        boolean stands = stamp.equals(seen);
        seen = stamp;
        return stands && !stamp.equals(read) ? read(stamp) : Future.<Void>succeededFuture();
      })
      .onFailure(cause -> log.warn("Changed keys are of no use, the old ones stay in force: file={} cause={}", path,
        Objects.toString(cause.getMessage())));
  }

  private Future<Stamp> look() {
    return vertx.fileSystem().props(path).map(Stamp::of);
  }

  private Future<Void> read(Stamp stamp) {
    read = stamp;
    seen = stamp;
    if (stamp.size > LARGEST) {
      return Future.failedFuture(new Unusable("the file is larger than %d bytes".formatted(LARGEST)));
    }
    return vertx.fileSystem().readFile(path).map(content -> {
      inForce = KeyParser.ofFile(content.toString(StandardCharsets.UTF_8));
      log.info("Keys read: file={} keys={}", path, inForce.size());
      return null;
    });
  }
}
