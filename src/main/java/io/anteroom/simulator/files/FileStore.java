package io.anteroom.simulator.files;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** An instance's input, output and temp folders and its user's data, all in memory. */
public final class FileStore {

  private static final int PICTURE_SIDE = 256;

  private final Clock clock;
  private final Optional<AssetStore> assets;
  private final Map<String, Folder> folders =
    Map.of("input", new Folder(), "output", new Folder(), "temp", new Folder());
  private final Folder userData = new Folder();
  private final Map<String, Integer> counters = new HashMap<>();
  private final String tempPrefix = "ComfyUI_temp_" + fiveLetters();

  /** With assets, every upload and every picture is registered there. */
  public FileStore(Clock clock, Optional<AssetStore> assets) {
    this.clock = clock;
    this.assets = assets;
  }

  public Optional<AssetStore> assets() {
    return assets;
  }

  /** The asset of a file; none on a server without assets. */
  public Optional<AssetStore.Asset> register(String folder, String path, Optional<String> promptId) {
    return assets.flatMap(store -> folders.get(folder).find(path).map(file -> store.register(
      new AssetStore.Content(file.content(), path), path.substring(path.lastIndexOf('/') + 1),
      List.of(folder, "uploaded"), promptId)));
  }

  public Optional<Folder> folder(String type) {
    return Optional.ofNullable(folders.get(type));
  }

  public Folder userData() {
    return userData;
  }

  public StoredFile fresh(Buffer content) {
    return StoredFile.of(content, clock.instant());
  }

  /** Whether there is such a file or folder; a name may end in the folder it is in, as {@code a.png [output]}. */
  public boolean exists(String annotatedName) {
    for (String folder : List.of("output", "input", "temp")) {
      if (annotatedName.endsWith("[" + folder + "]")) {
        int end = Math.max(0, annotatedName.length() - folder.length() - 3);
        return folders.get(folder).exists(annotatedName.substring(0, end));
      }
    }
    return folders.get("input").exists(annotatedName);
  }

  /** The files directly in the input folder, sorted, as {@code LoadImage} offers them. */
  public List<String> inputNames() {
    return folders.get("input").paths().stream().filter(path -> !path.contains("/")).sorted().toList();
  }

  /** Stores a picture under the next number of its prefix, and returns its location in ComfyUI's form. */
  public JsonObject savePicture(String promptId, String prefix, long seed) {
    return save(promptId, "output", prefix, seed);
  }

  public JsonObject saveTemporaryPicture(String promptId, long seed) {
    return save(promptId, "temp", tempPrefix, seed);
  }

  /** Clears what a restart wipes. */
  public void forgetTemporary() {
    folders.get("temp").clear();
  }

  private JsonObject save(String promptId, String type, String prefix, long seed) {
    int number = counters.merge(type + "/" + prefix, 1, Integer::sum);
    String path = "%s_%05d_.png".formatted(prefix, number);
    folders.get(type).put(path, new StoredFile(() -> SampleImage.png(PICTURE_SIDE, seed), clock.instant()));
    int slash = path.lastIndexOf('/');
    JsonObject picture = JsonObject.of("filename", path.substring(slash + 1),
      "subfolder", slash < 0 ? "" : path.substring(0, slash), "type", type);
    register(type, path, Optional.of(promptId)).ifPresent(asset -> picture.put("id", asset.id()));
    return picture;
  }

  private static String fiveLetters() {
    return new Random().ints(5, 'a', 'z' + 1)
      .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
      .toString();
  }

  /** The media type of a file, by its extension. */
  public static String typeOf(String name) {
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    return switch (suffix) {
      case "html" -> "text/html";
      case "js" -> "application/javascript; charset=utf-8";
      case "css" -> "text/css";
      case "json" -> "application/json";
      case "png" -> "image/png";
      case "jpg", "jpeg" -> "image/jpeg";
      case "webp" -> "image/webp";
      case "svg" -> "image/svg+xml";
      case "txt" -> "text/plain";
      default -> "application/octet-stream";
    };
  }

  /** A folder in memory. Bounded: a new file evicts the oldest. */
  public static final class Folder {

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

    /** Whether this is a file, a folder or the root. */
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

  /** One file of an instance. A picture is drawn lazily. */
  public record StoredFile(Supplier<Buffer> source, Instant modified) {

    public static StoredFile of(Buffer content, Instant modified) {
      return new StoredFile(() -> content, modified);
    }

    public Buffer content() {
      return source.get();
    }
  }
}
