package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.PythonText;
import io.anteroom.simulator.comfyui.PythonText.PythonError;
import io.anteroom.simulator.files.AssetStore;
import io.anteroom.simulator.files.AssetStore.Asset;
import io.anteroom.simulator.files.AssetStore.Content;
import io.anteroom.simulator.files.FileStore;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code /api/assets} and {@code /api/tags}, which have no owners; they answer 503 on a server without assets. */
public final class SimulatedAssetRoutes {

  private static final int PAGE = 20;
  private static final int MAX_PAGE = 500;
  private static final int MAX_TAGS = 1000;

  private final FileStore files;

  public SimulatedAssetRoutes(FileStore files) {
    this.files = files;
  }

  public void addTo(SimulatorRoutes routes) {
    add(routes, HttpMethod.GET, "/api/assets", this::list);
    add(routes, HttpMethod.GET, "/api/tags", this::tags);
    add(routes, HttpMethod.GET, "/api/assets/tags/refine", this::histogram);
    add(routes, HttpMethod.HEAD, "/api/assets/hash/:hash", this::hasHash);
    add(routes, HttpMethod.POST, "/api/assets/from-hash", this::createFromHash);
    add(routes, HttpMethod.POST, "/api/assets/seed", (ctx, store) ->
      SimulatorRoutes.answer(ctx, 202, JsonObject.of("status", "started")));
    add(routes, HttpMethod.POST, "/api/assets/prune", (ctx, store) ->
      SimulatorRoutes.answer(ctx, JsonObject.of("status", "completed", "marked", 0)));
    routes.alone(HttpMethod.POST, "/api/assets", true, ctx -> withStore(ctx, this::upload));
    addOne(routes, HttpMethod.GET, "", (ctx, asset) -> SimulatorRoutes.answer(ctx, asset.toJson()));
    addOne(routes, HttpMethod.GET, "/content", SimulatedAssetRoutes::download);
    addOne(routes, HttpMethod.PUT, "", this::update);
    addOne(routes, HttpMethod.DELETE, "", this::delete);
    addOne(routes, HttpMethod.POST, "/tags", this::addTags);
    addOne(routes, HttpMethod.DELETE, "/tags", this::removeTags);
  }

  private void add(SimulatorRoutes routes, HttpMethod verb, String path, BiConsumer<RoutingContext,
      AssetStore> handler) {
    routes.alone(verb, path, false, ctx -> withStore(ctx, handler));
  }

  private void addOne(SimulatorRoutes routes, HttpMethod verb, String below, BiConsumer<RoutingContext,
      Asset> handler) {
    routes.alone(verb, "/api/assets/:id" + below, false, ctx -> {
      if (!ctx.pathParam("id").matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
        ctx.next();
      } else {
        withStore(ctx, (same, store) -> withAsset(ctx, store, handler));
      }
    });
  }

  private void withStore(RoutingContext ctx, BiConsumer<RoutingContext, AssetStore> handler) {
    files.assets().ifPresentOrElse(store -> handler.accept(ctx, store), () -> fail(ctx, 503, "SERVICE_DISABLED",
      "Assets system is disabled. Start the server with --enable-assets to use this feature.", new JsonObject()));
  }

  private static void withAsset(RoutingContext ctx, AssetStore store, BiConsumer<RoutingContext, Asset> handler) {
    String id = ctx.pathParam("id").toLowerCase(Locale.ROOT);
    store.find(id).ifPresentOrElse(asset -> handler.accept(ctx, asset), () -> {
      boolean isDelete = ctx.request().method() == HttpMethod.DELETE && !ctx.request().path().endsWith("/tags");
      fail(ctx, 404, "ASSET_NOT_FOUND", "AssetReference %s not found%s".formatted(id, isDelete ? "." : ""),
        isDelete ? new JsonObject() : JsonObject.of("id", id));
    });
  }

  private void list(RoutingContext ctx, AssetStore store) {
    int limit = number(ctx, "limit", PAGE);
    int offset = number(ctx, "offset", 0);
    if (limit < 1 || limit > MAX_PAGE) {
      outOfRange(ctx, limit);
      return;
    }
    List<Asset> found = store.newestFirst().stream().filter(filter(ctx)).sorted(order(ctx)).toList();
    List<JsonObject> page = found.stream().skip(offset).limit(limit).map(Asset::toJson).toList();
    SimulatorRoutes.answer(ctx, JsonObject.of("assets", new JsonArray(page), "total", found.size(),
      "has_more", offset + page.size() < found.size()));
  }

  private static Predicate<Asset> filter(RoutingContext ctx) {
    List<String> included = words(ctx, "include_tags");
    List<String> excluded = words(ctx, "exclude_tags");
    String part = param(ctx, "name_contains").orElse("").toLowerCase(Locale.ROOT);
    return asset -> asset.tags().containsAll(included) && excluded.stream().noneMatch(asset.tags()::contains)
      && asset.name().toLowerCase(Locale.ROOT).contains(part);
  }

  /** Defaults to the order of the store, newest first. */
  private static Comparator<Asset> order(RoutingContext ctx) {
    Comparator<Asset> comparator = switch (param(ctx, "sort").orElse("created_at")) {
      case "name" -> Comparator.comparing(Asset::name);
      case "size" -> Comparator.comparing(asset -> asset.content().bytes().length());
      case "updated_at" -> Comparator.comparing(Asset::updated);
      default -> Comparator.comparing(Asset::created);
    };
    return param(ctx, "order").orElse("desc").equals("asc") ? comparator : comparator.reversed();
  }

  private void tags(RoutingContext ctx, AssetStore store) {
    String prefix = param(ctx, "prefix").orElse("");
    boolean withUnused = !param(ctx, "include_zero").orElse("true").equals("false");
    List<Map.Entry<String, Long>> found = store.tagCounts().entrySet().stream()
      .filter(tag -> tag.getKey().startsWith(prefix) && (withUnused || tag.getValue() > 0))
      .sorted(Map.Entry.<String, Long>comparingByValue().reversed()).toList();
    int offset = number(ctx, "offset", 0);
    List<JsonObject> page = found.stream().skip(offset).limit(Math.min(MAX_TAGS, number(ctx, "limit", 100)))
      .map(tag -> JsonObject.of("name", tag.getKey(), "count", tag.getValue())).toList();
    SimulatorRoutes.answer(ctx, JsonObject.of("tags", new JsonArray(page), "total", found.size(),
      "has_more", offset + page.size() < found.size()));
  }

  private void histogram(RoutingContext ctx, AssetStore store) {
    JsonObject counts = new JsonObject();
    store.newestFirst().stream().filter(filter(ctx)).flatMap(asset -> asset.tags().stream())
      .forEach(tag -> counts.put(tag, counts.getInteger(tag, 0) + 1));
    SimulatorRoutes.answer(ctx, JsonObject.of("tag_counts", counts));
  }

  private void hasHash(RoutingContext ctx, AssetStore store) {
    SimulatorRoutes.answerEmpty(ctx, store.findByHash(ctx.pathParam("hash")).isPresent() ? 200 : 404);
  }

  private void createFromHash(RoutingContext ctx, AssetStore store) {
    JsonObject body = body(ctx);
    String hash = body.getString("hash", "");
    store.findByHash(hash).ifPresentOrElse(
      known -> SimulatorRoutes.answer(ctx, 201, created(store.add(new Content(known.content().bytes(), ""),
        body.getString("name", hash), strings(body.getJsonArray("tags")), body.getJsonObject("user_metadata",
          new JsonObject())), false)),
      () -> fail(ctx, 404, "ASSET_NOT_FOUND", "Asset content %s does not exist".formatted(hash), new JsonObject()));
  }

  private void upload(RoutingContext ctx, AssetStore store) {
    if (!String.valueOf(ctx.request().getHeader("Content-Type")).startsWith("multipart/")) {
      fail(ctx, 415, "UNSUPPORTED_MEDIA_TYPE", "Use multipart/form-data for uploads.", new JsonObject());
      return;
    }
    MultipartUpload.read(ctx, "file", (same, file) -> store(ctx, store, file));
  }

  private void store(RoutingContext ctx, AssetStore store, MultipartUpload file) {
    List<String> tags = ctx.request().formAttributes().getAll("tags").stream()
      .flatMap(some -> Arrays.stream(some.split(","))).map(String::strip).toList();
    List<String> folders = tags.stream().filter(List.of("input", "output", "models")::contains).toList();
    if (file.name() == null) {
      fail(ctx, 400, "MISSING_FILE", "Form must include a 'file' part or a known 'hash'.", new JsonObject());
      return;
    }
    Content content = new Content(file.content(), "");
    String name = Optional.ofNullable(ctx.request().getFormAttribute("name")).orElse(file.name());
    JsonObject metadata = new JsonObject(
      Optional.ofNullable(ctx.request().getFormAttribute("user_metadata")).orElse("{}"));
    if (store.findByHash(content.hash()).isPresent()) {
      SimulatorRoutes.answer(ctx, 200, created(store.add(content, name, tags, metadata), false));
    } else if (folders.size() != 1) {
      fail(ctx, 400, "INVALID_BODY", tags.isEmpty() ? "tags are required for new asset uploads"
        : "uploads require exactly one destination role: input, models, or output", new JsonObject());
    } else {
      int dot = file.name().lastIndexOf('.');
      String path = content.digest() + (dot < 0 ? "" : file.name().substring(dot));
      files.folder(folders.get(0)).ifPresent(folder -> folder.put(path, files.fresh(file.content())));
      List<String> all = Stream.concat(tags.stream(), Stream.of("uploaded")).toList();
      SimulatorRoutes.answer(ctx, 201, created(
        store.add(new Content(file.content(), path), name, all, metadata.put("filename", path)), true));
    }
  }

  private static JsonObject created(Asset asset, boolean isNew) {
    return asset.toJson().put("created_new", isNew);
  }

  private static void download(RoutingContext ctx, Asset asset) {
    ctx.response().putHeader("Content-Disposition", "attachment; filename*=UTF-8''" + asset.name())
      .putHeader("X-Content-Type-Options", "nosniff")
      .putHeader("Content-Type", FileStore.typeOf(asset.name()))
      .end(asset.content().bytes()).onFailure(ctx::fail);
  }

  private void update(RoutingContext ctx, Asset asset) {
    JsonObject body = body(ctx);
    SimulatorRoutes.answer(ctx, store().update(asset, body.getString("name"), body.getJsonObject("user_metadata"))
      .toJson());
  }

  /** The file stays where it is. */
  private void delete(RoutingContext ctx, Asset asset) {
    store().delete(asset.id());
    SimulatorRoutes.answerEmpty(ctx, 204);
  }

  private void addTags(RoutingContext ctx, Asset asset) {
    changeTags(ctx, asset, "added", "already_present", false);
  }

  private void removeTags(RoutingContext ctx, Asset asset) {
    changeTags(ctx, asset, "not_present", "removed", true);
  }

  private void changeTags(RoutingContext ctx, Asset asset, String absentKey, String presentKey, boolean removes) {
    TreeSet<String> given = new TreeSet<>(strings(body(ctx).getJsonArray("tags")));
    TreeSet<String> all = new TreeSet<>(asset.tags());
    List<String> present = given.stream().filter(all::contains).toList();
    List<String> absent = given.stream().filter(tag -> !all.contains(tag)).toList();
    if (removes) {
      all.removeAll(given);
    } else {
      all.addAll(given);
    }
    store().withTags(asset, List.copyOf(all));
    JsonObject answer = removes
      ? JsonObject.of(presentKey, new JsonArray(present), absentKey, new JsonArray(absent))
      : JsonObject.of(absentKey, new JsonArray(absent), presentKey, new JsonArray(present));
    SimulatorRoutes.answer(ctx, answer.put("total_tags", new JsonArray(new ArrayList<>(all))));
  }

  private AssetStore store() {
    return files.assets().orElseThrow();
  }

  private static JsonObject body(RoutingContext ctx) {
    try {
      return SimulatorRoutes.jsonObject(ctx);
    } catch (DecodeException e) {
      throw PythonError.value(e.getMessage());
    }
  }

  /** The format of ComfyUI's validator, pydantic. */
  private static void outOfRange(RoutingContext ctx, int given) {
    boolean isSmall = given < 1;
    String type = isSmall ? "greater_than_equal" : "less_than_equal";
    fail(ctx, 400, "INVALID_QUERY", "Validation failed.", JsonObject.of("errors", JsonArray.of(new JsonObject()
      .put("type", type).put("loc", JsonArray.of("limit"))
      .put("msg", "Input should be %s than or equal to %d".formatted(isSmall ? "greater" : "less",
        isSmall ? 1 : MAX_PAGE))
      .put("input", String.valueOf(given)).put("ctx", isSmall ? JsonObject.of("ge", 1) : JsonObject.of("le", MAX_PAGE))
      .put("url", "https://errors.pydantic.dev/2.14/v/" + type))));
  }

  private static void fail(RoutingContext ctx, int status, String code, String message, JsonObject details) {
    SimulatorRoutes.answer(ctx, status, JsonObject.of("error",
      JsonObject.of("code", code, "message", message, "details", details)));
  }

  private static List<String> words(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().flatMap(list -> Arrays.stream(list.split(",")))
      .map(String::strip).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> strings(JsonArray list) {
    return list == null ? List.of() : list.stream().map(String::valueOf).toList();
  }

  private static Optional<String> param(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().findFirst();
  }

  private static int number(RoutingContext ctx, String name, int otherwise) {
    return param(ctx, name).map(text -> PythonText.toInt(text).intValue()).orElse(otherwise);
  }
}
