package io.anteroom.simulator;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code /object_info}, whole and by class. The whole costs the instance's event loop the time of its node packs. */
final class ObjectInfoRoutes {

  private final NodeCatalog catalog;
  private final Files files;
  private final ComfyLoop loop;
  private final Duration listingTime;
  private int whole;
  private int single;

  ObjectInfoRoutes(Machine machine, Duration listingTime) {
    this.catalog = machine.catalog();
    this.files = machine.files();
    this.loop = machine.loop();
    this.listingTime = listingTime;
  }

  void addTo(Routes routes) {
    routes.get("/object_info", this::list);
    routes.get("/object_info/:class", this::find);
  }

  SimulatedComfy.ObjectInfoRequests requests() {
    return new SimulatedComfy.ObjectInfoRequests(whole, single);
  }

  private void list(RoutingContext ctx) {
    whole++;
    loop.hold(listingTime.toMillis(), () -> Routes.answerEncoded(ctx, 200, catalog.objectInfo(files)));
  }

  private void find(RoutingContext ctx) {
    single++;
    Routes.answerEncoded(ctx, 200, catalog.objectInfo(ctx.pathParam("class"), files));
  }
}
