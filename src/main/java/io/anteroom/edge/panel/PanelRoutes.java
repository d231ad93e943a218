package io.anteroom.edge.panel;

import io.anteroom.bus.Bus;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.PanelClient.Jobs;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.directory.Directory;
import io.anteroom.edge.admission.BodyReader;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.proxy.InstanceRoutes.InstancePart;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
import io.anteroom.edge.proxy.ReverseProxy;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ComfyUI's own panel asks for, under every address that ComfyUI has for it. */
public final class PanelRoutes implements InstancePart {
  /** Each also with {@code /api} in front, as ComfyUI doubles its routes; the jobs have one in their own name. */
  private static final Pattern PATH =
    Pattern.compile("(?:/api)?/(prompt|queue|interrupt|history|api/jobs)(?:/([^/]+)(/cancel)?)?");
  private static final String JOBS = "api/jobs";
  private static final String HISTORY = "history";
  private static final String CANCEL = "cancel";

  private final Panel panel;
  private final BodyReader bodies;
  private final ReverseProxy upstream;

  /** @param bodies reads bodies that are a list of ids at most */
  public PanelRoutes(Panel panel, BodyReader bodies, ReverseProxy upstream) {
    this.panel = panel;
    this.bodies = bodies;
    this.upstream = upstream;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, Visit visit, RawUri uri) {
    Matcher path = PATH.matcher(uri.meaning());
    if (!path.matches()) {
      return Optional.empty();
    }
    if (!uri.hasReadableQuery()) {
      return Optional.of(() -> Future.failedFuture(EdgeErrors.invalid("The query", uri.query(), "percent-encoded")));
    }
    String name = path.group(1);
    String id = Optional.ofNullable(path.group(2)).orElse("");
    if (HttpMethods.isPost(request.method())) {
      return change(request, visit, name, id, path.group(3) != null);
    }
    return HttpMethods.isRead(request.method()) && path.group(3) == null
      ? read(request, visit, uri, name, id) : Optional.empty();
  }

  private Optional<Supplier<Future<Void>>> read(HttpServerRequest request, Visit visit, RawUri uri, String name,
      String id) {
    return switch (name) {
      case "prompt" -> when(id.isEmpty(), () -> json(request, panel.remaining(visit).map(JsonObject::toBuffer)));
      case "queue" -> when(id.isEmpty(), () -> json(request, panel.queue(visit)));
      case HISTORY -> Optional.of(() -> json(request, id.isEmpty() ? history(request, visit)
        : panel.historyOf(visit, id)));
      case JOBS -> Optional.of(() -> id.isEmpty() ? jobs(request, visit, uri)
        : panel.job(visit, id).compose(job -> json(request, job)));
      default -> Optional.empty();
    };
  }

  private Optional<Supplier<Future<Void>>> change(HttpServerRequest request, Visit visit, String name, String id,
      boolean cancels) {
    return switch (name) {
      case "queue" -> when(id.isEmpty(), () -> done(request, visit, PanelRequest::required,
        wish -> panel.changeQueue(visit, wish.clear(), wish.delete())));
      case HISTORY -> when(id.isEmpty(), () -> done(request, visit, PanelRequest::required,
        wish -> panel.changeHistory(visit, wish.clear(), wish.delete())));
      case "interrupt" -> when(id.isEmpty(), () -> done(request, visit, PanelRequest::optional,
        wish -> panel.interrupt(visit, wish.promptId())));
      case JOBS -> cancels ? Optional.of(() -> cancelled(request, panel.cancel(visit, List.of(id))))
        : when(id.equals(CANCEL), () -> cancelMany(request, visit));
      default -> Optional.empty();
    };
  }

  private static Optional<Supplier<Future<Void>>> when(boolean fits, Supplier<Future<Void>> answer) {
    return fits ? Optional.of(answer) : Optional.empty();
  }

  private Future<Buffer> history(HttpServerRequest request, Visit visit) {
    return Future.succeededFuture().compose(now ->
      panel.history(visit, number(request, "max_items"), number(request, "offset")));
  }

  /** An instance that is too old for jobs says so itself. */
  private Future<Void> jobs(HttpServerRequest request, Visit visit, RawUri uri) {
    return panel.jobs(visit, request.params()).compose(jobs -> isUnknownThere(jobs)
      ? upstream.forward(request, visit, uri)
      : json(request, jobs));
  }

  private static boolean isUnknownThere(Jobs jobs) {
    return jobs.status() == 404 || jobs.status() == 405;
  }

  private Future<Void> cancelMany(HttpServerRequest request, Visit visit) {
    return bodies.with(request, visit.user(), read -> PanelRequest.jobsError(read.whole())
      .map(error -> Responses.json(request, 400, error))
      .orElseGet(() -> cancelled(request, panel.cancel(visit, PanelRequest.required(read.whole()).jobIds()))));
  }

  private static Future<Void> cancelled(HttpServerRequest request, Future<Boolean> cancel) {
    return cancel.compose(any -> Responses.json(request, 200, new JsonObject().put("cancelled", any)));
  }

  private Future<Void> done(HttpServerRequest request, Visit visit, Function<Buffer, PanelRequest> reading,
      Function<PanelRequest, Future<Void>> change) {
    return bodies.with(request, visit.user(), body -> Future.succeededFuture(body.whole()).map(reading).compose(change))
      .compose(changed -> Responses.empty(request, 200));
  }

  private static Future<Void> json(HttpServerRequest request, Jobs jobs) {
    return Responses.json(request, jobs.status(), Buffer.buffer(PythonJson.text(jobs.body())));
  }

  private static Future<Void> json(HttpServerRequest request, Future<Buffer> body) {
    return body.compose(text -> Responses.json(request, 200, text));
  }

  /** Throws a refusal for what is no number. */
  private static Optional<Integer> number(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getParam(name)).map(text -> {
      if (!text.matches("\\d{1,9}")) {
        throw EdgeErrors.invalid(name, text, "a whole number from 0 on");
      }
      return Integer.valueOf(text);
    });
  }

  /**
   * ComfyUI's lists and wishes for one student: what the queue knows of his tasks, joined with what his instances tell.
   *
   * <p>Each task is in exactly one state and has one number in all of it, those that the queue says.
   */
  public static final class Panel {
    private final QueueView queue;
    private final HistoryView history;
    private final JobsView jobs;
    private final FilesView files;
    private final PanelActions wishes;

    public Panel(Bus bus, Supplier<Directory> directory, PanelClient instances) {
      UserTasks desk = new UserTasks(bus);
      RunInstances places = new RunInstances(directory);
      queue = new QueueView(desk, instances);
      history = new HistoryView(desk, places, instances);
      jobs = new JobsView(desk, places, instances);
      files = new FilesView(history, instances);
      wishes = new PanelActions(desk, places, instances);
    }

    /** {@code {"queue_running":[…],"queue_pending":[…]}}, with the workflows. */
    public Future<Buffer> queue(Visit visit) {
      return queue.list(visit);
    }

    /** {@code {"exec_info":{"queue_remaining":…}}}. */
    public Future<JsonObject> remaining(Visit visit) {
      return queue.remaining(visit);
    }

    /** {@code {id: entry, …}}, oldest first: the latest {@code most}, or as many from {@code offset} on. */
    public Future<Buffer> history(Visit visit, Optional<Integer> most, Optional<Integer> offset) {
      return history.list(visit, new HistoryView.Part(most, offset));
    }

    /** {@code {id: entry}}, or an empty object. */
    public Future<Buffer> historyOf(Visit visit, String id) {
      return history.one(visit, id);
    }

    /** The jobs that a query asks for, or the status with which the instance does not take it. */
    public Future<Jobs> jobs(Visit visit, MultiMap parameters) {
      return jobs.list(visit, parameters);
    }

    /** One job; 404 when it is not the student's. */
    public Future<Jobs> job(Visit visit, String id) {
      return jobs.one(visit, id);
    }

    /** {@code ["name", …]}: what the student's own latest runs left in {@code output} or {@code temp}. */
    public Future<JsonArray> files(Visit visit, String folder) {
      return files.list(visit, folder);
    }

    /** Takes waiting runs out of the queue, these or all; one that runs goes on. */
    public Future<Void> changeQueue(Visit visit, boolean clear, List<String> ids) {
      return wishes.changeQueue(visit, clear, ids);
    }

    /** Stops this run, or whatever of the student's runs; one that waits leaves the queue. */
    public Future<Void> interrupt(Visit visit, Optional<String> id) {
      return wishes.interrupt(visit, id);
    }

    /** Forgets ended runs, these or all. */
    public Future<Void> changeHistory(Visit visit, boolean clear, List<String> ids) {
      return wishes.changeHistory(visit, clear, ids);
    }

    /** Cancels runs in whatever state; whether there was anything to cancel. */
    public Future<Boolean> cancel(Visit visit, List<String> ids) {
      return wishes.cancel(visit, ids);
    }
  }
}
