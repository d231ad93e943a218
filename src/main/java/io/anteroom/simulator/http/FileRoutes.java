package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.files.FileStore;
import io.anteroom.simulator.files.FileStore.Folder;
import io.anteroom.simulator.files.FileStore.StoredFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/** Upload and view of pictures. A file too large to be kept is accepted, and later not found. */
public final class FileRoutes {

  private static final Set<String> FORCED_TO_DOWNLOAD =
    Set.of("text/html", "text/css", "application/javascript; charset=utf-8");

  private final ComfyVersion version;
  private final FileStore files;

  public FileRoutes(ComfyVersion version, FileStore files) {
    this.version = version;
    this.files = files;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/view", this::view);
    routes.stream("/upload/image", this::upload);
    routes.stream("/upload/mask", this::upload);
  }

  private void view(RoutingContext ctx) {
    String name = param(ctx, "filename").orElse(null);
    Optional<Folder> folder = files.folder(param(ctx, "type").orElse("output"));
    if (name == null) {
      SimulatorRoutes.answerEmpty(ctx, 404);
      return;
    }
    if (name.isEmpty() || name.startsWith("/") || name.contains("..") || folder.isEmpty()) {
      SimulatorRoutes.answerEmpty(ctx, 400);
      return;
    }
    String subfolder = param(ctx, "subfolder").orElse("");
    if (subfolder.startsWith("/") || subfolder.contains("..")) {
      SimulatorRoutes.answerEmpty(ctx, 403);
      return;
    }
    String base = name.substring(name.lastIndexOf('/') + 1);
    folder.get().find(subfolder.isEmpty() ? base : subfolder + "/" + base).ifPresentOrElse(
      file -> send(ctx, file, base),
      () -> SimulatorRoutes.answerEmpty(ctx, 404));
  }

  private void send(RoutingContext ctx, StoredFile file, String name) {
    String type = FileStore.typeOf(name);
    ctx.response().putHeader("Content-Disposition", "filename=\"" + name + "\"");
    if (version.forbidsSniffing()) {
      ctx.response().putHeader("X-Content-Type-Options", "nosniff");
    }
    FileResponse.send(ctx, file, FORCED_TO_DOWNLOAD.contains(type) ? "application/octet-stream" : type);
  }

  private void upload(RoutingContext ctx) {
    MultipartUpload.read(ctx, "image", this::store);
  }

  private void store(RoutingContext ctx, MultipartUpload upload) {
    String type = ctx.request().getFormAttribute("type");
    String subfolder = ctx.request().getFormAttribute("subfolder");
    String folder = type == null ? "input" : type;
    String under = subfolder == null ? "" : subfolder;
    String name = upload.name();
    if (name == null || name.isEmpty() || name.contains("..") || under.contains("..") || under.startsWith("/")
      || files.folder(folder).isEmpty()) {
      SimulatorRoutes.answerEmpty(ctx, 400);
      return;
    }
    boolean overwrite = Set.of("true", "1").contains(String.valueOf(ctx.request().getFormAttribute("overwrite")));
    String stored = overwrite ? name : freeName(files.folder(folder).get(), under, name, upload.content());
    if (!upload.isTooLarge()) {
      files.folder(folder).get().put(path(under, stored), files.fresh(upload.content()));
    }
    JsonObject answer = JsonObject.of("name", stored, "subfolder", under, "type", folder);
    files.register(folder, path(under, stored), Optional.empty())
      .ifPresent(asset -> answer.put("asset", asset.summary()));
    SimulatorRoutes.answer(ctx, answer);
  }

  /** The name itself if it is free or has the same bytes, otherwise the name with a number. */
  private static String freeName(Folder folder, String under, String name, Buffer content) {
    int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    String candidate = name;
    for (int i = 1; folder.holds(path(under, candidate)); i++) {
      if (folder.find(path(under, candidate)).filter(file -> file.content().equals(content)).isPresent()) {
        return candidate;
      }
      candidate = "%s (%d)%s".formatted(name.substring(0, dot), i, name.substring(dot));
    }
    return candidate;
  }

  private static String path(String under, String name) {
    return under.isEmpty() ? name : under + "/" + name;
  }

  private static Optional<String> param(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().findFirst();
  }
}
