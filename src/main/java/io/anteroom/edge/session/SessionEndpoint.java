package io.anteroom.edge.session;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Bus.Registration;
import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.bus.SessionServices.Attached;
import io.anteroom.bus.SessionServices.Leave;
import io.anteroom.bus.SessionServices.Left;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/** The address of one session on the bus, for all nodes; open only as long as the session lives. */
final class SessionEndpoint {
  private final Bus bus;
  private final Session session;
  private final Supplier<Future<Void>> end;
  private List<Registration> registrations = List.of();
  private boolean closed;

  /** @param end ends the session */
  SessionEndpoint(Bus bus, Session session, Supplier<Future<Void>> end) {
    this.bus = bus;
    this.session = session;
    this.end = end;
  }

  void open() {
    if (!closed) {
      registrations = List.of(
        bus.serve(SessionServices.attach(session.clientId()), this::attach),
        bus.serve(SessionServices.leave(session.clientId()), this::leave));
    }
  }

  Future<Void> close() {
    closed = true;
    List<Future<Void>> ending = registrations.stream().map(Registration::unregister).toList();
    registrations = List.of();
    return ending.isEmpty() ? Future.succeededFuture() : Future.join(ending).mapEmpty();
  }

  private Future<Attached> attach(Attach attach) {
    return session.attach(attach);
  }

  private Future<Left> leave(Leave leave) {
    if (!session.user().equals(leave.user())) {
      return Future.succeededFuture(Left.NOTHING);
    }
    Left left = session.left();
    return end.get().map(left);
  }
}
