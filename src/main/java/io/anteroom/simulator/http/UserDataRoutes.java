package io.anteroom.simulator.http;

import io.anteroom.simulator.files.FileStore;
import io.anteroom.simulator.files.FileStore.Folder;
import io.anteroom.simulator.files.FileStore.StoredFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The user's own files, mostly workflows. A path is one segment with its slashes encoded as {@code %2F}. */
public final class UserDataRoutes {

  private final FileStore files;
  private final Folder userData;

  public UserDataRoutes(FileStore files) {
    this.files = files;
    this.userData = files.userData();
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/userdata", this::list);
    routes.get("/v2/userdata", this::listAll);
    routes.get("/userdata/:file", this::read);
    routes.post("/userdata/:file", this::write);
    routes.delete("/userdata/:file", this::delete);
    routes.post("/userdata/:file/move/:dest", this::move);
  }

  private void list(RoutingContext ctx) {
    String folder = param(ctx, "dir").orElse("");
    if (folder.isEmpty()) {
      SimulatorRoutes.answerText(ctx, 400, "Directory not provided");
    } else if (leavesHome(folder)) {
      SimulatorRoutes.answerText(ctx, 403, "Invalid directory");
    } else if (!userData.holdsFolder(folder)) {
      SimulatorRoutes.answerText(ctx, 404, "Directory not found");
    } else {
      SimulatorRoutes.answer(ctx, new JsonArray(userData.paths().stream().sorted()
        .filter(path -> path.startsWith(folder + "/"))
        .map(path -> path.substring(folder.length() + 1))
        .filter(path -> isYes(ctx, "recurse") || !path.contains("/"))
        .map(path -> listed(ctx, folder, path))
        .toList()));
    }
  }

  private Object listed(RoutingContext ctx, String folder, String path) {
    if (isYes(ctx, "full_info")) {
      return info(path, userData.find(folder + "/" + path).orElseThrow());
    }
    if (isYes(ctx, "split")) {
      JsonArray parts = JsonArray.of(path);
      List.of(path.split("/")).forEach(parts::add);
      return parts;
    }
    return path;
  }

  private void listAll(RoutingContext ctx) {
    String folder = param(ctx, "path").orElse("");
    if (!folder.isEmpty() && !userData.holdsFolder(folder)) {
      SimulatorRoutes.answerText(ctx, 404, "Requested path not found");
      return;
    }
    SimulatorRoutes.answer(ctx, new JsonArray(userData.paths().stream().sorted()
      .filter(path -> folder.isEmpty() || path.startsWith(folder + "/"))
      .map(path -> JsonObject.of("name", path.substring(path.lastIndexOf('/') + 1), "type", "file")
        .mergeIn(info(path, userData.find(path).orElseThrow())))
      .toList()));
  }

  private void read(RoutingContext ctx) {
    String path = ctx.pathParam("file");
    if (leavesHome(path)) {
      SimulatorRoutes.answerEmpty(ctx, 403);
    } else {
      userData.find(path).ifPresentOrElse(
        file -> FileResponse.send(ctx, file, FileStore.typeOf(path)),
        () -> SimulatorRoutes.answerEmpty(ctx, 404));
    }
  }

  private void write(RoutingContext ctx) {
    String path = ctx.pathParam("file");
    if (leavesHome(path)) {
      SimulatorRoutes.answerEmpty(ctx, 403);
    } else if (userData.holds(path) && isNo(ctx, "overwrite")) {
      SimulatorRoutes.answerText(ctx, 409, "File already exists");
    } else {
      userData.put(path, files.fresh(ctx.body().buffer()));
      answerWith(ctx, path);
    }
  }

  private void delete(RoutingContext ctx) {
    String path = ctx.pathParam("file");
    int status = leavesHome(path) ? 403 : userData.remove(path).isPresent() ? 204 : 404;
    SimulatorRoutes.answerEmpty(ctx, status);
  }

  private void move(RoutingContext ctx) {
    String from = ctx.pathParam("file");
    String to = ctx.pathParam("dest");
    if (leavesHome(from) || leavesHome(to)) {
      SimulatorRoutes.answerEmpty(ctx, 403);
    } else if (!userData.holds(from)) {
      SimulatorRoutes.answerEmpty(ctx, 404);
    } else if (userData.holds(to) && isNo(ctx, "overwrite")) {
      SimulatorRoutes.answerText(ctx, 409, "File already exists");
    } else {
      userData.put(to, userData.remove(from).orElseThrow());
      answerWith(ctx, to);
    }
  }

  private void answerWith(RoutingContext ctx, String path) {
    SimulatorRoutes.answer(ctx, isYes(ctx, "full_info") ? info(path, userData.find(path).orElseThrow()) : path);
  }

  private static JsonObject info(String path, StoredFile file) {
    return new JsonObject(Map.of("path", path, "size", file.content().length(),
      "modified", file.modified().toEpochMilli(), "created", file.modified().toEpochMilli()));
  }

  private static boolean leavesHome(String path) {
    return path.startsWith("/") || List.of(path.split("/")).contains("..");
  }

  private static boolean isYes(RoutingContext ctx, String name) {
    return param(ctx, name).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static boolean isNo(RoutingContext ctx, String name) {
    return param(ctx, name).filter("false"::equals).isPresent();
  }

  private static Optional<String> param(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().findFirst();
  }
}
