package io.anteroom.simulator.files;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The assets of a ComfyUI: one entry per file, without owners; every client sees, changes and deletes all of them. */
public final class AssetStore {

  private static final int MAX_ASSETS = 2_000;
  private static final int PNG = 0x89504e47;
  private static final int PNG_WIDTH = 16;

  private final Clock clock;
  private final Map<String, Asset> assets = new LinkedHashMap<>();
  /** The tags of the standard folders exist from the start. */
  private final TreeSet<String> knownTags = new TreeSet<>(List.of("checkpoints", "classifiers", "clip_vision",
    "configs", "controlnet", "decoder", "diffusers", "diffusion_models", "embeddings", "encoder", "gligen",
    "hypernetworks", "input", "loras", "missing", "models", "output", "photomaker", "rescan", "style_models",
    "text_encoders", "upscale_models", "vae", "vae_approx"));

  public AssetStore(Clock clock) {
    this.clock = clock;
  }

  /**
   * A name and tags for a file; the file may have several.
   *
   * @param promptId the run that made the file, the only hint at an owner; such an asset has no hash
   */
  public record Asset(String id, String name, Content content, List<String> tags, JsonObject userMetadata,
      Optional<String> promptId, LocalDateTime created, LocalDateTime updated) {

    public JsonObject toJson() {
      JsonObject json = new JsonObject().put("id", id).put("name", name);
      if (promptId.isEmpty()) {
        json.put("hash", content.hash());
      }
      if (!content.path().isEmpty()) {
        json.put("loader_path", content.path()).put("display_name", content.path());
      }
      if (promptId.isEmpty()) {
        json.put("asset_hash", content.hash());
      }
      json.put("size", content.bytes().length())
        .put("mime_type", FileStore.typeOf(content.path().isEmpty() ? name : content.path()))
        .put("tags", new JsonArray(tags));
      previewUrl().ifPresent(url -> json.put("preview_url", url));
      json.put("user_metadata", userMetadata).put("is_immutable", false).put("metadata", content.metadata());
      promptId.ifPresent(run -> json.put("job_id", run).put("prompt_id", run));
      return json.put("created_at", created.toString()).put("updated_at", updated.toString())
        .put("last_access_time", created.toString());
    }

    /** The response to an upload of the older kind. */
    public JsonObject summary() {
      return JsonObject.of("id", id, "name", name, "asset_hash", content.hash(), "size", content.bytes().length(),
        "mime_type", FileStore.typeOf(content.path()), "tags", new JsonArray(tags));
    }

    private Optional<String> previewUrl() {
      if (!(userMetadata.getValue("filename") instanceof String file)) {
        return Optional.empty();
      }
      int slash = file.lastIndexOf('/');
      String folder = slash < 0 ? "" : "&subfolder=" + encoded(file.substring(0, slash));
      return tags.stream().filter(List.of("input", "output")::contains).findFirst()
        .map(type -> "/api/view?type=%s&filename=%s%s".formatted(type, encoded(file.substring(slash + 1)), folder));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  /** The bytes of an asset, and their path below input, output or temp; no path if only the name is new. */
  public record Content(Buffer bytes, String path) {

    /** In ComfyUI's form; the digest itself is another, since Java has no BLAKE3. */
    public String hash() {
      return "blake3:" + digest();
    }

    /** The metadata that ComfyUI reads from a picture. */
    JsonObject metadata() {
      return isPng() ? JsonObject.of("kind", "image", "width", bytes.getInt(PNG_WIDTH), "height",
        bytes.getInt(PNG_WIDTH + Integer.BYTES)) : new JsonObject();
    }

    private boolean isPng() {
      return bytes.length() > PNG_WIDTH + 2 * Integer.BYTES && bytes.getInt(0) == PNG;
    }

    public String digest() {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

  /** Registers a file by its path; a known one keeps its entry. */
  Asset register(Content content, String name, List<String> tags, Optional<String> promptId) {
    return assets.values().stream()
      .filter(asset -> asset.content().path().equals(content.path()) && asset.tags().containsAll(tags)).findFirst()
      .orElseGet(() -> keep(create(content, name, tags, JsonObject.of("filename", content.path()), promptId)));
  }

  public Asset add(Content content, String name, List<String> tags, JsonObject userMetadata) {
    return keep(create(content, name, tags, userMetadata, Optional.empty()));
  }

  public Optional<Asset> find(String id) {
    return Optional.ofNullable(assets.get(id));
  }

  public Optional<Asset> findByHash(String hash) {
    return assets.values().stream()
      .filter(asset -> asset.promptId().isEmpty() && asset.content().hash().equals(hash)).findFirst();
  }

  /** Newest first. */
  public List<Asset> newestFirst() {
    List<Asset> all = new ArrayList<>(assets.values());
    Collections.reverse(all);
    return all;
  }

  public Asset update(Asset asset, String name, JsonObject userMetadata) {
    return keep(new Asset(asset.id(), name == null ? asset.name() : name, asset.content(), asset.tags(),
      userMetadata == null ? asset.userMetadata() : userMetadata, asset.promptId(), asset.created(), now()));
  }

  public Asset withTags(Asset asset, List<String> tags) {
    return keep(new Asset(asset.id(), asset.name(), asset.content(), List.copyOf(new TreeSet<>(tags)),
      asset.userMetadata(), asset.promptId(), asset.created(), asset.updated()));
  }

  public boolean delete(String id) {
    return assets.remove(id) != null;
  }

  /** The number of assets per tag, including unused tags, by name. */
  public Map<String, Long> tagCounts() {
    Map<String, Long> counts = new TreeMap<>();
    knownTags.forEach(tag -> counts.put(tag, assets.values().stream()
      .filter(asset -> asset.tags().contains(tag)).count()));
    return counts;
  }

  private Asset create(Content content, String name, List<String> tags, JsonObject userMetadata,
      Optional<String> promptId) {
    if (assets.size() >= MAX_ASSETS) {
      assets.remove(assets.keySet().iterator().next());
    }
    return new Asset(UUID.randomUUID().toString(), name, content, List.copyOf(new TreeSet<>(tags)), userMetadata,
      promptId, now(), now());
  }

  private Asset keep(Asset asset) {
    assets.put(asset.id(), asset);
    knownTags.addAll(asset.tags());
    return asset;
  }

  private LocalDateTime now() {
    return LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }
}
