package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.NodeCatalog;
import io.anteroom.simulator.execution.ComfyLoop;
import io.anteroom.simulator.execution.Machine;
import io.anteroom.simulator.files.FileStore;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code /object_info}, whole and by class. The whole blocks the event loop for the time of the node packs. */
public final class SimulatedObjectInfoRoutes {

  private final NodeCatalog catalog;
  private final FileStore files;
  private final ComfyLoop loop;
  private final Duration listingTime;
  private int whole;
  private int single;

  public SimulatedObjectInfoRoutes(Machine machine, Duration listingTime) {
    this.catalog = machine.catalog();
    this.files = machine.files();
    this.loop = machine.loop();
    this.listingTime = listingTime;
  }

  public void addTo(SimulatorRoutes routes) {
    routes.get("/object_info", this::list);
    routes.get("/object_info/:class", this::find);
  }

  public ObjectInfoRequests requests() {
    return new ObjectInfoRequests(whole, single);
  }

  private void list(RoutingContext ctx) {
    whole++;
    loop.hold(listingTime.toMillis(), () -> SimulatorRoutes.answerEncoded(ctx, 200, catalog.objectInfo(files)));
  }

  private void find(RoutingContext ctx) {
    single++;
    SimulatorRoutes.answerEncoded(ctx, 200, catalog.objectInfo(ctx.pathParam("class"), files));
  }

  /** The number of requests to {@code /object_info} since the instance was deployed. */
  public record ObjectInfoRequests(int whole, int single) {
  }
}
