package io.anteroom.edge.student;

import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.comfy.protocol.GuardProtocol;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.edge.api.PromptRoute;
import io.anteroom.edge.auth.AuthorizationHeader;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.auth.isolation.StudentOrigins;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.edge.proxy.InstanceRoutes;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A student's ComfyUI, with what Anteroom answers in its place. */
public final class StudentRoutes {
  private static final Set<String> PROMPT = Set.of("/prompt", "/api/prompt");

  /** Where a fork of ComfyUI runs workflows too, in a form of its own that the queue does not speak. */
  private static final Set<String> PROMPT_OF_A_FORK = Set.of("/v1/prompts", "/api/v1/prompts", "/api/api/v1/prompts");
  /** What an instance's guard says is for the dispatcher: it tells of, and refuses, anybody's tasks. */
  private static final List<String> GUARD = List.of(GuardProtocol.STATE, "/api" + GuardProtocol.STATE);

  /** Below it lies what is ours in a student's page. */

  private final Authorizer authenticator;
  private final Optional<StudentOrigins> doors;
  private final Supplier<Directory> directory;
  private final PromptRoute submits;
  private final AssetRoutes own;
  private final InstanceRoutes instances;

  /** Who may come in, and where to: empty where all pages have the same origin. */
  public record Entry(Authorizer authenticator, Optional<StudentOrigins> doors) {
  }

  public StudentRoutes(Entry entry, Supplier<Directory> directory, PromptRoute submits, AssetRoutes own,
      InstanceRoutes instances) {
    this.authenticator = entry.authenticator();
    this.doors = entry.doors();
    this.directory = directory;
    this.submits = submits;
    this.own = own;
    this.instances = instances;
  }

  public Future<Void> handle(HttpServerRequest request, StudentPath path) {
    return authenticator.ownerOf(request, path.user()).compose(visitor -> path.lacksSlash()
      ? Responses.redirect(request, 308, path.withSlash())
      : admit(request, path, visitor));
  }

  /** Whether a program asks at a student's own address, where his ComfyUI stands at the root. */
  boolean isAtRoot(HttpServerRequest request) {
    return doors.filter(found -> found.at(request).isPresent()).isPresent() && AuthorizationHeader.isIn(request);
  }

  /** Answers a program at its user's own address as if the path began with the student's. */
  Future<Void> handleAtRoot(HttpServerRequest request, RawUri uri) {
    return authenticator.self(request).compose(visitor ->
      admit(request, new StudentPath(visitor.name(), Pages.ofStudent(visitor.name()), uri), visitor));
  }

  private Future<Void> admit(HttpServerRequest request, StudentPath path, Access visitor) {
    if (doors.filter(found -> found.at(request).isEmpty()).isPresent()) {
      return leadToDoor(request, doors.get(), visitor);
    }
    if (visitor.onlyLooks() && doors.isEmpty()) {
      return Future.failedFuture(EdgeErrors.looksFromTheSameOrigin(visitor.name()));
    }
    return ReadOnlyAccess.objection(request, visitor, path).map(Future::<Void>failedFuture)
      .orElseGet(() -> answer(request, path, visitor));
  }

  /** Nothing of a student's page is ever in the hall, where the browsers' other sign-ins are. */
  private static Future<Void> leadToDoor(HttpServerRequest request, StudentOrigins doors, Access visitor) {
    return doors.of(visitor.user()).map(door -> doors.origin(request, door)).compose(origin ->
      HttpMethods.isRead(request.method()) && !HttpMethods.wantsSocket(request)
        ? Responses.redirect(request, 307, origin + request.uri())
        : Future.failedFuture(EdgeErrors.behindTheDoor(visitor.name(), origin)));
  }

  private Future<Void> answer(HttpServerRequest request, StudentPath path, Access visitor) {
    User user = visitor.user();
    String meaning = path.inner().meaning();
    if (HttpMethods.isPost(request.method()) && PROMPT.contains(meaning)) {
      return submits.submit(request, user, Via.PROXY);
    }
    if (HttpMethods.isPost(request.method()) && PROMPT_OF_A_FORK.contains(meaning)) {
      return Future.failedFuture(EdgeErrors.pastTheQueue(path.inner().text()));
    }
    if (GUARD.stream().anyMatch(meaning::startsWith)) {
      return Future.failedFuture(EdgeErrors.unknownPath(path.inner().text()));
    }
    Optional<Instance> home = directory.get().home(user);
    if (meaning.startsWith(StudentPath.OWN)) {
      return own.handle(request, new AssetRoutes.Visit(visitor, home, path.prefix()),
        meaning.substring(StudentPath.OWN.length()));
    }
    return home
      .map(instance -> instances.handle(request, visitor, instance, path.inner()))
      .orElseGet(() -> Future.failedFuture(EdgeErrors.unknownInstance(user)));
  }
}
