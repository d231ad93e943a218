package io.anteroom.doctor;

import io.anteroom.config.Settings;
import io.anteroom.config.files.DiskSpace;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.queue.TaskQueue.Stats;
import java.util.List;
import java.util.stream.Stream;

/** Reports the limits on request bodies and stored workflows, and warns when one is nearly reached. */
public final class BoundsCheck {
  private static final String SUBJECT = "bounds";
  private static final long MEGABYTE = 1 << 20;
  private static final double NEAR = 0.8;

  private final Settings settings;
  private final long memory;

  /** @param memory maximum heap of a node, in bytes */
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
      ? Finding.ok(SUBJECT, "a workflow may have %s (http.body_limit), all that arrive at once %s together"
        .formatted(size(wanted), size(held)))
      : Finding.warning(SUBJECT, ("a workflow may have %s, not %s as in http.body_limit: a node with %s of memory, "
        + "as this JVM, can buffer no more at once").formatted(size(held), size(wanted), size(memory)),
        "give the node more memory (-Xmx), or set http.body_memory");
  }

  private Finding rates() {
    Settings.Bounds bounds = settings.limit().bounds();
    return Finding.ok(SUBJECT, ("per student %d runs and %d changes a second, and %s of waiting and running workflows; "
      + "%s for all students").formatted(bounds.userRunsPerSecond(), bounds.userChangesPerSecond(),
      size(bounds.userBytes()), size(bounds.bytes())));
  }

  private Stream<Finding> disk() {
    return settings.redis().url().isPresent() ? Stream.empty()
      : new DiskSpace(settings.dataDir(), settings.redis().storage().minFree()).shortage()
        .map(shortage -> Finding.warning(SUBJECT, shortage,
          "free some space: when the disk is full, no new task can be stored"))
        .stream();
  }

  /** How much of limit.bytes is used. */
  static Finding stored(Settings settings, Stats now) {
    long max = settings.limit().bounds().bytes();
    String text = "waiting and running workflows use %s of %s in the store (limit.bytes)"
      .formatted(size(now.bytes()), size(max));
    return now.bytes() < max * NEAR ? Finding.ok(SUBJECT, text)
      : Finding.warning(SUBJECT, text, "raise limit.bytes, or lower limit.user_bytes or limit.user_waiting");
  }

  private static String size(long bytes) {
    return bytes < MEGABYTE ? "%d KB".formatted((bytes + 1023) / 1024) : "%d MB".formatted(bytes / MEGABYTE);
  }
}
