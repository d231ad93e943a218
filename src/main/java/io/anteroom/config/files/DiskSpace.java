package io.anteroom.config.files;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns when the disk of a folder runs low, before it is full. */
public final class DiskSpace {
  private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
  private static final int MEGABYTE = 1 << 20;

  private final Path folder;
  private final long minFree;
  private boolean isLow;

  /** @param minFree in bytes: warns below it */
  public DiskSpace(Path folder, long minFree) {
    this.folder = folder.toAbsolutePath();
    this.minFree = minFree;
  }

  /** A sentence about the shortage; empty while there is enough space. */
  public Optional<String> shortage() {
    Path existing = folder;
    while (existing.getParent() != null && !existing.toFile().exists()) {
      existing = existing.getParent();
    }
    long free = existing.toFile().getUsableSpace();
    return free >= minFree ? Optional.empty()
      : Optional.of("the disk of %s has %d MB free, less than %d MB (data.min_free)"
        .formatted(folder, free / MEGABYTE, minFree / MEGABYTE));
  }

  /** Logs when space becomes short, and when there is enough again. */
  public synchronized void logChange() {
    Optional<String> shortage = shortage();
    if (shortage.isPresent() && !isLow) {
      log.warn("Disk space is low: {}; no new task can be stored once it is full. Free some space", shortage.get());
    } else if (shortage.isEmpty() && isLow) {
      log.info("Disk space is sufficient again: folder={}", folder);
    }
    isLow = shortage.isPresent();
  }
}
