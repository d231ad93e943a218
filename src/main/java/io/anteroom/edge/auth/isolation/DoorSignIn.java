package io.anteroom.edge.auth.isolation;

import io.anteroom.edge.auth.signin.SignInPart;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Where one signs in when there are doors: in the hall as ever, at a door by way of the hall. */
record DoorSignIn(Doors doors, SignInPart hall, DoorRoutes routes) implements SignInPart {
  @Override
  public boolean takes(HttpServerRequest request, String path) {
    return hall.takes(request, path) || isAtDoor(request) && path.equals("/");
  }

  @Override
  public boolean takesForeignForms(String path) {
    return hall.takesForeignForms(path);
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String path) {
    return isAtDoor(request) ? routes.handle(request, path) : hall.handle(request, path);
  }

  @Override
  public Future<Void> lead(HttpServerRequest request, String owner) {
    return isAtDoor(request) ? routes.lead(request, owner) : hall.lead(request, owner);
  }

  private boolean isAtDoor(HttpServerRequest request) {
    return doors.at(request).isPresent();
  }
}
