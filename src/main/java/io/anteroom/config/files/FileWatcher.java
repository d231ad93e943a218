package io.anteroom.config.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what some files say, and reads them again after they have changed.
 *
 * <p>A changed file that is wrong changes nothing: what was read before stays in force and the complaints are logged
 * once. A file is read only after it has stood still from one look to the next, so that no half-written one comes into
 * force. Looks from a thread of its own, so that a slow disk holds up nobody.
 */
public final class FileWatcher<T> implements Supplier<T>, AutoCloseable {
  /** How often the files are looked at. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(FileWatcher.class);

  private final String what;
  private final List<Path> files;
  private final Supplier<T> reader;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(FileWatcher::thread);
  private volatile T inForce;
  private final Debounce<List<Stamp>> changes;

  /** What tells a changed file from an unchanged one. */
  private record Stamp(FileTime modified, long size) {
    private static final Stamp ABSENT = new Stamp(FileTime.fromMillis(0), -1);

    static Stamp of(Path path) {
      try {
        return new Stamp(Files.getLastModifiedTime(path), Files.size(path));
      } catch (IOException absent) {
        return ABSENT;
      }
    }
  }

  /**
   * Reads the files for the first time.
   *
   * @param what   what the files say, for the log
   * @param reader reads all of them, or throws {@link InvalidSettingsException} with all complaints
   * @throws InvalidSettingsException what the reader throws
   */
  public FileWatcher(String what, List<Path> files, Supplier<T> reader) {
    this.what = what;
    this.files = List.copyOf(files);
    this.reader = reader;
    this.changes = new Debounce<>(stamps());
    this.inForce = reader.get();
  }

  /** Begins to look. */
  public void start(Duration interval) {
    timer.scheduleWithFixedDelay(this::lookSafely, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is in force now. */
  @Override
  public T get() {
    return inForce;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException cause) {
      log.error("Files not looked at, next try at the next look: what={}", what, cause);
    }
  }

  public void look() {
    if (changes.poll(stamps())) {
      replace();
    }
  }

  private void replace() {
    try {
      inForce = reader.get();
      log.info("Changed files are in force: what={} now={}", what, inForce);
    } catch (InvalidSettingsException wrong) {
      log.warn("Changed files are wrong, what they said before stays in force: what={} complaints={}", what,
        String.join("; ", wrong.complaints()));
    }
  }

  private List<Stamp> stamps() {
    return files.stream().map(Stamp::of).toList();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "file-watch");
    thread.setDaemon(true);
    return thread;
  }
}
