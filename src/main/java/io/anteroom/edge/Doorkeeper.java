package io.anteroom.edge;

import io.anteroom.edge.admission.Ambiguity;
import io.anteroom.edge.admission.Connections;
import io.anteroom.edge.admission.Strangers;
import io.anteroom.edge.http.Answers;
import io.anteroom.metrics.Tally;
import io.anteroom.task.Refusal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Turns away what must not come in, whoever sent it; all else goes on to the routes. */
final class Doorkeeper {
  private final Connections connections;
  private final Strangers strangers;
  private final Tally tally;
  private final Routes routes;

  Doorkeeper(Connections connections, Strangers strangers, Tally tally, Routes routes) {
    this.connections = connections;
    this.strangers = strangers;
    this.tally = tally;
    this.routes = routes;
  }

  void handle(HttpServerRequest request) {
    if (!connections.takes(request.connection())) {
      return;
    }
    tally.count("edge_requests");
    connections.begin(request);
    admit(request).onComplete(done -> connections.end(request));
  }

  private Future<Void> admit(HttpServerRequest request) {
    Optional<Refusal> unclear = Ambiguity.in(request);
    if (unclear.isPresent()) {
      connections.refuseMore(request.connection());
      return Answers.hangUp(request, unclear.get());
    }
    return strangers.objection(request)
      .map(refusal -> routes.turnAway(request, refusal))
      .orElseGet(() -> routes.handle(request));
  }
}
