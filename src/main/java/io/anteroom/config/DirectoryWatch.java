package io.anteroom.config;

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
 * Holds the {@link Directory} in force, and replaces it after its files have changed.
 *
 * <p>A changed file that is wrong changes nothing: the old directory stays in force and the complaints are logged once.
 * A file is read only after it has stood still from one look to the next, so that no half-written one comes into force.
 * Looks from a thread of its own, so that a slow disk holds up nobody.
 */
public final class DirectoryWatch implements Supplier<Directory>, AutoCloseable {
  /** How often the files are looked at. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

  private final Settings.Files files;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(DirectoryWatch::thread);
  private volatile Directory inForce;
  private List<Stamp> read;
  private List<Stamp> lastSeen;

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
   * @throws WrongSettings with all complaints, when there is one
   */
  public DirectoryWatch(Settings.Files files) {
    this.files = files;
    this.read = stamps();
    this.lastSeen = read;
    this.inForce = DirectoryFiles.read(files);
  }

  /** Begins to look. */
  public void start(Duration interval) {
    timer.scheduleWithFixedDelay(this::lookSafely, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The one in force now. */
  @Override
  public Directory get() {
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
      log.error("Files of users and instances not looked at, next try at the next look", cause);
    }
  }

  void look() {
    List<Stamp> now = stamps();
    boolean stands = now.equals(lastSeen);
    lastSeen = now;
    if (stands && !now.equals(read)) {
      read = now;
      replace();
    }
  }

  private void replace() {
    try {
      inForce = DirectoryFiles.read(files);
      log.info("Users and instances read anew: users={} instances={}",
        inForce.users().size(), inForce.instances().size());
    } catch (WrongSettings wrong) {
      log.warn("Changed users or instances are wrong, the old ones stay in force: {}",
        String.join("; ", wrong.complaints()));
    }
  }

  private List<Stamp> stamps() {
    return List.of(Stamp.of(files.users()), Stamp.of(files.instances()));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "directory-watch");
    thread.setDaemon(true);
    return thread;
  }
}
