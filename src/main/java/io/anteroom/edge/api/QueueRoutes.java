package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutTask;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Cancel;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.GracefulShutdown;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The queue API: submit, status, list, cancel, events. */
public final class QueueRoutes {
  public static final String ROOT = "/api/v1/comfy/queue";

  private static final String STATUS = "status/";

  private final Authorizer authorizer;
  private final Bus bus;
  private final PromptRoute submits;
  private final EventStreams events;
  private final GracefulShutdown shutdown;

  public QueueRoutes(Authorizer authorizer, Bus bus, PromptRoute submits, EventStreams events,
      GracefulShutdown shutdown) {
    this.authorizer = authorizer;
    this.bus = bus;
    this.submits = submits;
    this.events = events;
    this.shutdown = shutdown;
  }

  public static boolean takes(RawUri uri) {
    return uri.path().equals(ROOT) || uri.path().startsWith(ROOT + "/");
  }

  public Future<Void> handle(HttpServerRequest request, RawUri uri) {
    if (!uri.hasReadableQuery()) {
      return Future.failedFuture(EdgeErrors.invalid("The query", uri.query(), "percent-encoded"));
    }
    String name = uri.path().substring(Math.min(uri.path().length(), ROOT.length() + 1));
    return switch (name) {
      case "" -> as(request, HttpMethod.GET, user -> list(request, user));
      case "execute" -> as(request, HttpMethod.POST, user -> submits.submit(request, user, Via.API));
      case "events" -> as(request, HttpMethod.GET, user -> events.open(request, user));
      default -> aboutTask(request, name);
    };
  }

  private Future<Void> aboutTask(HttpServerRequest request, String name) {
    String id = name.startsWith(STATUS) ? name.substring(STATUS.length()) : name;
    if (id.isEmpty() || id.contains("/")) {
      return Future.failedFuture(EdgeErrors.unknownPath(request.path()));
    }
    return name.startsWith(STATUS)
      ? as(request, HttpMethod.GET, user -> status(request, user, id))
      : as(request, HttpMethod.DELETE, user -> cancel(request, user, id));
  }

  private Future<Void> as(HttpServerRequest request, HttpMethod allowed, Function<User, Future<Void>> answer) {
    if (request.method() != allowed) {
      return Responses.notAllowed(request, allowed);
    }
    return authorizer.ofQuery(request).compose(access -> access.readOnly() && allowed != HttpMethod.GET
      ? Future.failedFuture(EdgeErrors.readOnly(access.name())) : answer.apply(access.user()));
  }

  private Future<Void> list(HttpServerRequest request, User user) {
    return longPoll(request, TaskJson::list,
      wait -> bus.request(StatusServices.USER, new AboutUser(user.name(), wait.when())));
  }

  private Future<Void> status(HttpServerRequest request, User user, String id) {
    return taskId(id).compose(task -> longPoll(request, answer -> TaskJson.write(answer.tasks().get(0)),
      wait -> bus.request(StatusServices.TASK, new AboutTask(user.name(), task, wait.when()))
        .compose(answer -> answer.tasks().isEmpty()
          ? Future.failedFuture(EdgeErrors.unknownTask(id)) : Future.succeededFuture(answer))));
  }

  private Future<Void> cancel(HttpServerRequest request, User user, String id) {
    return taskId(id)
      .compose(task -> bus.request(SubmissionServices.CANCEL, new Cancel(user.name(), task)))
      .compose(task -> Responses.json(request, 200, TaskJson.write(task)));
  }

  /** Long polling: answers once the version differs from the client's, or its wait is over. */
  private Future<Void> longPoll(HttpServerRequest request, Function<Answer, JsonObject> body,
      Function<Wait, Future<Answer>> lookup) {
    return Wait.of(request).compose(wait -> answerOrShutdown(wait, lookup).compose(answer -> {
      request.response().putHeader("ETag", Wait.etag(answer.version()));
      return wait.knows(answer.version())
        ? Responses.empty(request, 304)
        : Responses.json(request, 200, body.apply(answer));
    }));
  }

  private Future<Answer> answerOrShutdown(Wait wait, Function<Wait, Future<Answer>> lookup) {
    return shutdown.cutShort(lookup.apply(wait), () -> lookup.apply(wait.atOnce()));
  }

  private static Future<TaskId> taskId(String id) {
    return TaskId.parse(id)
      .map(Future::succeededFuture)
      .orElseGet(() -> Future.failedFuture(EdgeErrors.unknownTask(id)));
  }

  /**
   * How long a response may be held back, and which version the client has.
   *
   * @param known   the client's version; empty when it has none
   * @param timeout how long the client waits for another one
   */
  record Wait(String known, Duration timeout) {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,3}");

    /** Parses {@code ?wait=} and {@code If-None-Match}. */
    static Future<Wait> of(HttpServerRequest request) {
      String tag = request.getHeader(HttpHeaders.IF_NONE_MATCH);
      String known = tag == null ? "" : tag.strip().replaceFirst("^W/", "").replace("\"", "");
      String wait = request.getParam("wait", "0");
      long max = StatusServices.MAX_WAIT.toSeconds();
      if (!SECONDS.matcher(wait).matches() || Long.parseLong(wait) > max) {
        return Future.failedFuture(EdgeErrors.invalid("wait", wait, "a number of seconds from 0 to " + max));
      }
      return Future.succeededFuture(new Wait(known, Duration.ofSeconds(Long.parseLong(wait))));
    }

    When when() {
      return new When(known, timeout);
    }

    /** The same without waiting. */
    Wait atOnce() {
      return new Wait(known, Duration.ZERO);
    }

    boolean knows(String version) {
      return known.equals(version);
    }

    /** A version in the form of the header {@code ETag}. */
    static String etag(String version) {
      return "\"" + version + "\"";
    }
  }
}
