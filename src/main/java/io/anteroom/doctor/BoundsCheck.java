package io.anteroom.doctor;

import io.anteroom.config.Settings;
import io.anteroom.config.files.DiskSpace;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.queue.TaskQueue.Stats;
import java.util.List;
import java.util.stream.Stream;

/** Says which bounds are in force on what students send and what is stored of it, and which of them is near. */
public final class BoundsCheck {
  private static final String SUBJECT = "bounds";
  private static final long MEGABYTE = 1 << 20;
  private static final double NEAR = 0.8;

  private final Settings settings;
  private final long memory;

  /** @param memory that a node has for its heap, in bytes */
  public BoundsCheck(Settings settings, long memory) {
    this.settings = settings;
    this.memory = memory;
  }

  public List<Finding> findings() {
    return Stream.concat(Stream.of(bodies(), rates()), disk()).toList();
  }

  private Finding bodies() {
    long wanted = settings.http().bodyLimit();
    long held = settings.limit().bounds().bodies(memory);
    return wanted <= held
      ? Finding.ok(SUBJECT, "a workflow may have %s (http.body_limit), those that come in at once %s together"
        .formatted(size(wanted), size(held)))
      : Finding.warning(SUBJECT, ("a workflow may have %s, not %s as http.body_limit says: a node with %s of memory, "
        + "as this JVM, holds no more of those that come in at once").formatted(size(held), size(wanted), size(memory)),
        "give the node more memory (-Xmx), or set http.body_memory");
  }

  private Finding rates() {
    Settings.Bounds bounds = settings.limit().bounds();
    return Finding.ok(SUBJECT, ("of one student %d runs and %d changes a second, %s of workflows that wait or run; "
      + "%s of all").formatted(bounds.userRunsPerSecond(), bounds.userChangesPerSecond(), size(bounds.userBytes()),
      size(bounds.bytes())));
  }

  private Stream<Finding> disk() {
    return settings.redis().url().isPresent() ? Stream.empty()
      : new DiskSpace(settings.dataDir(), settings.redis().storage().minFree()).shortage()
        .map(shortage -> Finding.warning(SUBJECT, shortage, "make room there: when it is full, no new task is stored"))
        .stream();
  }

  /** How much of what may be stored is stored. */
  static Finding stored(Settings settings, Stats now) {
    long most = settings.limit().bounds().bytes();
    String text = "workflows that wait or run take %s of %s in the store (limit.bytes)"
      .formatted(size(now.bytes()), size(most));
    return now.bytes() < most * NEAR ? Finding.ok(SUBJECT, text)
      : Finding.warning(SUBJECT, text, "raise limit.bytes, or lower limit.user_bytes or limit.user_waiting");
  }

  private static String size(long bytes) {
    return bytes < MEGABYTE ? "%d KB".formatted((bytes + 1023) / 1024) : "%d MB".formatted(bytes / MEGABYTE);
  }
}
