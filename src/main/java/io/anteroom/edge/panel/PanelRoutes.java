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
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
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

/** Routes the requests of ComfyUI's own panel, under every address that ComfyUI has for them. */
public final class PanelRoutes implements InstancePart {
  /** Each also below {@code /api}, as ComfyUI doubles its routes; those of jobs have one in their own name. */
  private static final Pattern PATH =
    Pattern.compile("(?:/api)?/(prompt|queue|interrupt|history|api/jobs)(?:/([^/]+)(/cancel)?)?");
  private static final String JOBS = "api/jobs";
  private static final String HISTORY = "history";
  private static final String CANCEL = "cancel";

  private final Panel panel;
  private final BodyReader bodies;
  private final ReverseProxy proxy;

  /** @param bodies limited to the size of a list of ids */
  public PanelRoutes(Panel panel, BodyReader bodies, ReverseProxy proxy) {
    this.panel = panel;
    this.bodies = bodies;
    this.proxy = proxy;
  }

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri) {
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
      return change(request, context, name, id, path.group(3) != null);
    }
    return HttpMethods.isRead(request.method()) && path.group(3) == null
      ? read(request, context, uri, name, id) : Optional.empty();
  }

  private Optional<Supplier<Future<Void>>> read(HttpServerRequest request, RequestContext context, RawUri uri,
      String name, String id) {
    return switch (name) {
      case "prompt" -> when(id.isEmpty(), () -> json(request, panel.remaining(context).map(JsonObject::toBuffer)));
      case "queue" -> when(id.isEmpty(), () -> json(request, panel.queue(context)));
      case HISTORY -> Optional.of(() -> json(request, id.isEmpty() ? history(request, context)
        : panel.historyOf(context, id)));
      case JOBS -> Optional.of(() -> id.isEmpty() ? jobs(request, context, uri)
        : panel.job(context, id).compose(job -> json(request, job)));
      default -> Optional.empty();
    };
  }

  private Optional<Supplier<Future<Void>>> change(HttpServerRequest request, RequestContext context, String name,
      String id, boolean cancels) {
    return switch (name) {
      case "queue" -> when(id.isEmpty(), () -> done(request, context, PanelRequest::required,
        action -> panel.changeQueue(context, action.clear(), action.delete())));
      case HISTORY -> when(id.isEmpty(), () -> done(request, context, PanelRequest::required,
        action -> panel.changeHistory(context, action.clear(), action.delete())));
      case "interrupt" -> when(id.isEmpty(), () -> done(request, context, PanelRequest::optional,
        action -> panel.interrupt(context, action.promptId())));
      case JOBS -> cancels ? Optional.of(() -> cancelled(request, panel.cancel(context, List.of(id))))
        : when(id.equals(CANCEL), () -> cancelMany(request, context));
      default -> Optional.empty();
    };
  }

  private static Optional<Supplier<Future<Void>>> when(boolean fits, Supplier<Future<Void>> answer) {
    return fits ? Optional.of(answer) : Optional.empty();
  }

  private Future<Buffer> history(HttpServerRequest request, RequestContext context) {
    return Future.succeededFuture().compose(now ->
      panel.history(context, number(request, "max_items"), number(request, "offset")));
  }

  /** An instance that is too old for jobs answers this itself. */
  private Future<Void> jobs(HttpServerRequest request, RequestContext context, RawUri uri) {
    return panel.jobs(context, request.params()).compose(jobs -> isUnknownThere(jobs)
      ? proxy.forward(request, context, uri)
      : json(request, jobs));
  }

  private static boolean isUnknownThere(Jobs jobs) {
    return jobs.status() == 404 || jobs.status() == 405;
  }

  private Future<Void> cancelMany(HttpServerRequest request, RequestContext context) {
    return bodies.with(request, context.user(), read -> PanelRequest.jobsError(read.whole())
      .map(error -> Responses.json(request, 400, error))
      .orElseGet(() -> cancelled(request, panel.cancel(context, PanelRequest.required(read.whole()).jobIds()))));
  }

  private static Future<Void> cancelled(HttpServerRequest request, Future<Boolean> cancel) {
    return cancel.compose(any -> Responses.json(request, 200, new JsonObject().put("cancelled", any)));
  }

  private Future<Void> done(HttpServerRequest request, RequestContext context, Function<Buffer, PanelRequest> reading,
      Function<PanelRequest, Future<Void>> change) {
    return bodies.with(request, context.user(),
        body -> Future.succeededFuture(body.whole()).map(reading).compose(change))
      .compose(changed -> Responses.empty(request, 200));
  }

  private static Future<Void> json(HttpServerRequest request, Jobs jobs) {
    return Responses.json(request, jobs.status(), Buffer.buffer(PythonJson.text(jobs.body())));
  }

  private static Future<Void> json(HttpServerRequest request, Future<Buffer> body) {
    return body.compose(text -> Responses.json(request, 200, text));
  }

  /** Throws an {@code ApiException} for anything but a number. */
  private static Optional<Integer> number(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getParam(name)).map(text -> {
      if (!text.matches("\\d{1,9}")) {
        throw EdgeErrors.invalid(name, text, "a whole number from 0 on");
      }
      return Integer.valueOf(text);
    });
  }

  /**
   * ComfyUI's lists and actions for one student: the tasks of the queue, merged with what the instances report.
   *
   * <p>Each task has exactly one state and one number in all lists, those of the queue.
   */
  public static final class Panel {
    private final QueueView queue;
    private final HistoryView history;
    private final JobsView jobs;
    private final FilesView files;
    private final PanelActions actions;

    public Panel(Bus bus, Supplier<Directory> directory, PanelClient client) {
      UserTasks tasks = new UserTasks(bus);
      RunInstances runInstances = new RunInstances(directory);
      queue = new QueueView(tasks, client);
      history = new HistoryView(tasks, runInstances, client);
      jobs = new JobsView(tasks, runInstances, client);
      files = new FilesView(history, client);
      actions = new PanelActions(tasks, runInstances, client);
    }

    /** {@code {"queue_running":[…],"queue_pending":[…]}}, with the workflows. */
    public Future<Buffer> queue(RequestContext context) {
      return queue.list(context);
    }

    /** {@code {"exec_info":{"queue_remaining":…}}}. */
    public Future<JsonObject> remaining(RequestContext context) {
      return queue.remaining(context);
    }

    /** {@code {id: entry, …}}, oldest first: the latest {@code max}, or as many from {@code offset} on. */
    public Future<Buffer> history(RequestContext context, Optional<Integer> max, Optional<Integer> offset) {
      return history.list(context, new HistoryView.Part(max, offset));
    }

    /** {@code {id: entry}}, or an empty object. */
    public Future<Buffer> historyOf(RequestContext context, String id) {
      return history.one(context, id);
    }

    /** The jobs that match a query, or the status with which the instance rejects it. */
    public Future<Jobs> jobs(RequestContext context, MultiMap parameters) {
      return jobs.list(context, parameters);
    }

    /** One job; 404 when it is not the student's. */
    public Future<Jobs> job(RequestContext context, String id) {
      return jobs.one(context, id);
    }

    /** {@code ["name", …]}: the files of the student's own latest runs in {@code output} or {@code temp}. */
    public Future<JsonArray> files(RequestContext context, String folder) {
      return files.list(context, folder);
    }

    /** Removes waiting runs from the queue, these or all; a running one continues. */
    public Future<Void> changeQueue(RequestContext context, boolean clear, List<String> ids) {
      return actions.changeQueue(context, clear, ids);
    }

    /** Stops this run, or all running ones of the student; a waiting one leaves the queue. */
    public Future<Void> interrupt(RequestContext context, Optional<String> id) {
      return actions.interrupt(context, id);
    }

    /** Deletes ended runs, these or all. */
    public Future<Void> changeHistory(RequestContext context, boolean clear, List<String> ids) {
      return actions.changeHistory(context, clear, ids);
    }

    /** Cancels runs in any state; true when there was anything to cancel. */
    public Future<Boolean> cancel(RequestContext context, List<String> ids) {
      return actions.cancel(context, ids);
    }
  }
}
