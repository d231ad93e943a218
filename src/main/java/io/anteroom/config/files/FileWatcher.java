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
 * Holds the content of some files, and reloads them after a change.
 *
 * <p>If a changed file is invalid, the former content stays in force and the errors are logged once. Files are reloaded
 * once mtime and size are unchanged for one poll interval (debounce), so that no half-written file comes into force.
 * Polls on its own thread, so that a slow disk blocks nothing else.
 */
public final class FileWatcher<T> implements Supplier<T>, AutoCloseable {
  /** How often the files are polled. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(FileWatcher.class);

  private final String what;
  private final List<Path> files;
  private final Supplier<T> reader;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(FileWatcher::thread);
  private volatile T inForce;
  private final Debounce<List<Stamp>> changes;

  /** Mtime and size: they differ when a file has changed. */
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
   * @param what   what the files contain, for the log
   * @param reader reads all of them, or throws {@link InvalidSettingsException} with all errors
   * @throws InvalidSettingsException if the reader throws it
   */
  public FileWatcher(String what, List<Path> files, Supplier<T> reader) {
    this.what = what;
    this.files = List.copyOf(files);
    this.reader = reader;
    this.changes = new Debounce<>(stamps());
    this.inForce = reader.get();
  }

  /** Starts polling. */
  public void start(Duration interval) {
    timer.scheduleWithFixedDelay(this::pollSafely, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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

  private void pollSafely() {
    try {
      poll();
    } catch (RuntimeException cause) {
      log.error("Could not check files for changes, retrying at the next poll: what={}", what, cause);
    }
  }

  public void poll() {
    if (changes.poll(stamps())) {
      replace();
    }
  }

  private void replace() {
    try {
      inForce = reader.get();
      log.info("Changed files reloaded: what={} now={}", what, inForce);
    } catch (InvalidSettingsException wrong) {
      log.warn("Changed files are invalid, the former content stays in force: what={} errors={}", what,
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
