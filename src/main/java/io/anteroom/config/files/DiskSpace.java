package io.anteroom.config.files;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells that the disk of a folder fills, before it is full. */
public final class DiskSpace {
  private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
  private static final int MEGABYTE = 1 << 20;

  private final Path folder;
  private final long minFree;
  private boolean isLow;

  /** @param minFree in bytes: fewer are worth telling */
  public DiskSpace(Path folder, long minFree) {
    this.folder = folder.toAbsolutePath();
    this.minFree = minFree;
  }

  /** That there is little left, in words; empty while there is enough. */
  public Optional<String> shortage() {
    Path existing = folder;
    while (existing.getParent() != null && !existing.toFile().exists()) {
      existing = existing.getParent();
    }
    long free = existing.toFile().getUsableSpace();
    return free >= minFree ? Optional.empty()
      : Optional.of("the disk of %s has %d MB left, less than %d MB (data.min_free)"
        .formatted(folder, free / MEGABYTE, minFree / MEGABYTE));
  }

  /** Logs that it has become little, or enough again. */
  public synchronized void logChange() {
    Optional<String> shortage = shortage();
    if (shortage.isPresent() && !isLow) {
      log.warn("The disk fills: {}; when it is full, no new task is stored. Make room there", shortage.get());
    } else if (shortage.isEmpty() && isLow) {
      log.info("The disk has room again: folder={}", folder);
    }
    isLow = shortage.isPresent();
  }
}
