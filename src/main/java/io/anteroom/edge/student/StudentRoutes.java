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

/** Serves a student's ComfyUI; answers some of its routes in place of the instance. */
public final class StudentRoutes {
  private static final Set<String> PROMPT = Set.of("/prompt", "/api/prompt");

  /** Where a fork of ComfyUI also runs workflows, in a format that the queue does not support. */
  private static final Set<String> PROMPT_OF_FORK = Set.of("/v1/prompts", "/api/v1/prompts", "/api/api/v1/prompts");
  /** The guard's API is internal: it exposes and controls every user's tasks. */
  private static final List<String> GUARD = List.of(GuardProtocol.STATE, "/api" + GuardProtocol.STATE);


  private final Authorizer authorizer;
  private final Optional<StudentOrigins> origins;
  private final Supplier<Directory> directory;
  private final PromptRoute prompts;
  private final AssetRoutes assets;
  private final InstanceRoutes instances;

  /** @param origins of the students; empty where all pages share one origin */
  public StudentRoutes(Authorizer authorizer, Optional<StudentOrigins> origins, Supplier<Directory> directory,
      PromptRoute prompts, AssetRoutes assets, InstanceRoutes instances) {
    this.authorizer = authorizer;
    this.origins = origins;
    this.directory = directory;
    this.prompts = prompts;
    this.assets = assets;
    this.instances = instances;
  }

  public Future<Void> handle(HttpServerRequest request, StudentPath path) {
    return authorizer.ownerOf(request, path.user()).compose(access -> path.lacksSlash()
      ? Responses.redirect(request, 308, path.withSlash())
      : admit(request, path, access));
  }

  /** Whether a program calls a student's own origin, where ComfyUI is at the root. */
  boolean isAtRoot(HttpServerRequest request) {
    return origins.filter(found -> found.at(request).isPresent()).isPresent() && AuthorizationHeader.isIn(request);
  }

  /** Answers a program at its user's own origin as if the path began with the student's prefix. */
  Future<Void> handleAtRoot(HttpServerRequest request, RawUri uri) {
    return authorizer.self(request).compose(access ->
      admit(request, new StudentPath(access.name(), Pages.ofStudent(access.name()), uri), access));
  }

  private Future<Void> admit(HttpServerRequest request, StudentPath path, Access access) {
    if (origins.filter(found -> found.at(request).isEmpty()).isPresent()) {
      return redirectToOrigin(request, origins.get(), access);
    }
    if (access.readOnly() && origins.isEmpty()) {
      return Future.failedFuture(EdgeErrors.viewingNeedsIsolation(access.name()));
    }
    return ReadOnlyAccess.objection(request, access, path).map(Future::<Void>failedFuture)
      .orElseGet(() -> answer(request, path, access));
  }

  /** A student's page is never served at the public origin, whose cookies its scripts could use. */
  private static Future<Void> redirectToOrigin(HttpServerRequest request, StudentOrigins origins, Access access) {
    return origins.of(access.user()).map(name -> origins.origin(request, name)).compose(origin ->
      HttpMethods.isRead(request.method()) && !HttpMethods.wantsSocket(request)
        ? Responses.redirect(request, 307, origin + request.uri())
        : Future.failedFuture(EdgeErrors.wrongOrigin(access.name(), origin)));
  }

  private Future<Void> answer(HttpServerRequest request, StudentPath path, Access access) {
    User user = access.user();
    String meaning = path.inner().meaning();
    if (HttpMethods.isPost(request.method()) && PROMPT.contains(meaning)) {
      return prompts.submit(request, user, Via.PROXY);
    }
    if (HttpMethods.isPost(request.method()) && PROMPT_OF_FORK.contains(meaning)) {
      return Future.failedFuture(EdgeErrors.bypassesQueue(path.inner().text()));
    }
    if (GUARD.stream().anyMatch(meaning::startsWith)) {
      return Future.failedFuture(EdgeErrors.unknownPath(path.inner().text()));
    }
    Optional<Instance> home = directory.get().home(user);
    if (meaning.startsWith(StudentPath.OWN)) {
      return assets.handle(request, new AssetRoutes.Visit(access, home, path.prefix()),
        meaning.substring(StudentPath.OWN.length()));
    }
    return home
      .map(instance -> instances.handle(request, access, instance, path.inner()))
      .orElseGet(() -> Future.failedFuture(EdgeErrors.unknownInstance(user)));
  }
}
