package io.anteroom.simulator.execution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A folder in memory. Holds a bounded number of files: the oldest goes when a new one comes. */
public final class Shelf {

  private static final int MAX_FILES = 2_000;

  private final Map<String, StoredFile> files = new LinkedHashMap<>();

  public void put(String path, StoredFile file) {
    if (files.size() >= MAX_FILES && !files.containsKey(path)) {
      files.remove(files.keySet().iterator().next());
    }
    files.put(path, file);
  }

  public Optional<StoredFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  public boolean holds(String path) {
    return files.containsKey(path);
  }

  public boolean holdsFolder(String path) {
    return files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
  }

  /** Whether this is a file, a folder or the shelf itself. */
  boolean exists(String path) {
    return path.isEmpty() || holds(path) || holdsFolder(path);
  }

  public Optional<StoredFile> remove(String path) {
    return Optional.ofNullable(files.remove(path));
  }

  public Set<String> paths() {
    return Set.copyOf(files.keySet());
  }

  void clear() {
    files.clear();
  }
}
