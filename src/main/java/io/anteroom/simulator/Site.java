package io.anteroom.simulator;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.execution.Machine;
import io.anteroom.simulator.http.FaultInjection;
import io.anteroom.simulator.http.FileRoutes;
import io.anteroom.simulator.http.GuardRoutes;
import io.anteroom.simulator.http.InfoRoutes;
import io.anteroom.simulator.http.InfoRoutes.InternalRoutes;
import io.anteroom.simulator.http.JobRoutes;
import io.anteroom.simulator.http.PageRoutes;
import io.anteroom.simulator.http.RequestFilter;
import io.anteroom.simulator.http.SimulatedAssetRoutes;
import io.anteroom.simulator.http.SimulatedQueueRoutes;
import io.anteroom.simulator.http.SimulatorRoutes;
import io.anteroom.simulator.http.SubmitRoute;
import io.anteroom.simulator.http.UserDataRoutes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;

/** Builds the routes of an instance. */
final class Site {

  private final ComfyProcess process;
  private final ComfyVersion version;
  private final FaultInjection faults;
  private final Router router;
  private final SimulatorRoutes routes;

  private Site(Vertx vertx, ComfyProcess process, FaultInjection faults) {
    this.process = process;
    this.version = process.machine().version();
    this.faults = faults;
    this.router = Router.router(vertx);
    this.routes = new SimulatorRoutes(router);
  }

  /** Builds all routes, after the page is loaded. */
  static Future<Router> of(SimulatedComfy comfy, Simulator simulator, ComfyProcess process, FaultInjection faults) {
    Vertx vertx = process.machine().vertx();
    Site site = new Site(vertx, process, faults);
    RequestFilter gate = new RequestFilter(process.machine(), faults);
    site.router.route().handler(gate::enter).failureHandler(gate::fail);
    new ControlRoutes(comfy, simulator).addTo(site.router);
    site.addComfyRoutes(vertx);
    return site.addPage(vertx, comfy).map(site.router);
  }

  private void addComfyRoutes(Vertx vertx) {
    Machine machine = process.machine();
    routes.get("/ws", this::join);
    new SubmitRoute(machine, process.queue(), process.worker(), faults, process.guard()).addTo(routes);
    process.guard().ifPresent(guard -> new GuardRoutes(guard).addTo(routes));
    new SimulatedQueueRoutes(process.queue(), process.worker()).addTo(routes);
    new JobRoutes(version, process.queue(), process.worker()).addTo(routes);
    new FileRoutes(version, machine.files()).addTo(routes);
    if (version.hasAssets()) {
      new SimulatedAssetRoutes(machine.files()).addTo(routes);
    }
    new UserDataRoutes(machine.files()).addTo(routes);
    process.objectInfo().addTo(routes);
    new InfoRoutes(version, machine.files().assets().isPresent()).addTo(routes);
    new InternalRoutes(machine.files(), version, machine.clock()).addTo(router);
  }

  private Future<Void> addPage(Vertx vertx, SimulatedComfy comfy) {
    PageRoutes pages = new PageRoutes(version, process.machine().clock());
    pages.addTo(routes);
    comfy.frontend().ifPresent(folder -> router.get()
      .handler(StaticHandler.create(FileSystemAccess.ROOT, folder.toAbsolutePath().toString())));
    router.route().handler(ctx -> pages.anythingElse(ctx, routes));
    return comfy.frontend().map(folder -> readPage(vertx, folder, pages)).orElse(Future.succeededFuture());
  }

  private Future<Void> readPage(Vertx vertx, Path folder, PageRoutes pages) {
    return vertx.fileSystem().readFile(folder.resolve("index.html").toString())
      .onSuccess(page -> pages.showPage(process.machine().files().fresh(page)))
      .mapEmpty();
  }

  private void join(RoutingContext ctx) {
    if (!"websocket".equalsIgnoreCase(ctx.request().getHeader("Upgrade"))) {
      SimulatorRoutes.answerText(ctx, 400, "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".");
      return;
    }
    String clientId = ctx.queryParam("clientId").stream().findFirst().orElse("");
    ctx.request().toWebSocket()
      .onSuccess(socket -> process.machine().sockets().join(clientId, socket, process.greeting()))
      .onFailure(ctx::fail);
  }
}
