package io.anteroom.edge.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import io.anteroom.config.files.Debounce;
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
 * Public keys in a file, read again once it has changed and is stable for one poll interval. An invalid file changes
 * nothing. Like a {@link io.anteroom.config.files.FileWatcher}, but on the event loop that it is closed with.
 */
final class KeyFile implements KeySource {
  private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final long MAX_BYTES = 1 << 20;

  private final Vertx vertx;
  private final String path;
  private final Duration interval;
  private volatile VerificationKeys inForce;

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
    return stamp()
      .compose(stamp -> read(stamp).map(new Debounce<>(stamp)),
        absent -> Future.failedFuture(new Unusable("the file cannot be read")))
      .onSuccess(changes -> vertx.setPeriodic(interval.toMillis(), tick -> poll(changes)))
      .mapEmpty();
  }

  @Override
  public Optional<VerificationKeys> inForce() {
    return Optional.ofNullable(inForce);
  }

  @Override
  public Future<Optional<VerificationKeys>> forToken(JWSHeader header) {
    return Future.succeededFuture(inForce());
  }

  private void poll(Debounce<Stamp> changes) {
    stamp().otherwise(Stamp.ABSENT)
      .compose(stamp -> changes.poll(stamp) ? read(stamp) : Future.<Void>succeededFuture())
      .onFailure(cause -> log.warn("Changed keys are invalid, the old ones stay in force: file={} cause={}", path,
        Objects.toString(cause.getMessage())));
  }

  private Future<Stamp> stamp() {
    return vertx.fileSystem().props(path).map(Stamp::of);
  }

  private Future<Void> read(Stamp stamp) {
    if (stamp.size > MAX_BYTES) {
      return Future.failedFuture(new Unusable("the file is larger than %d bytes".formatted(MAX_BYTES)));
    }
    return vertx.fileSystem().readFile(path).map(content -> {
      inForce = KeyParser.ofFile(content.toString(StandardCharsets.UTF_8));
      log.info("Keys read: file={} keys={}", path, inForce.size());
      return null;
    });
  }
}
