package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.StatusServices;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.bus.SubmissionServices.Via;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.BodyReader;
import io.anteroom.edge.admission.BodyReader.ReceivedBody;
import io.anteroom.edge.admission.RateLimiter;
import io.anteroom.edge.http.HeaderFilter;
import io.anteroom.edge.http.Responses;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Submits a run, however it was sent, and answers as ComfyUI would. */
public final class PromptRoute {
  private static final String SENT_BY_SCRIPT = "script";

  private final Bus bus;
  private final BodyReader bodies;
  private final RateLimiter rates;
  private final MetricsRegistry metrics;
  private final UploadBlocks uploads;

  public PromptRoute(Bus bus, BodyReader bodies, RateLimiter rates, MetricsRegistry metrics, UploadBlocks uploads) {
    this.bus = bus;
    this.uploads = uploads;
    this.bodies = bodies;
    this.rates = rates;
    this.metrics = metrics;
  }

  /** @param otherwise how it was sent, unless the request says that the boot script intercepted it */
  public Future<Void> submit(HttpServerRequest request, User user, Via otherwise) {
    Optional<ApiException> tooMany = rates.ofRuns(user.name());
    if (tooMany.isPresent()) {
      return Future.failedFuture(tooMany.get());
    }
    boolean sentByScript = SENT_BY_SCRIPT.equals(request.getHeader(HeaderFilter.VIA));
    Via via = sentByScript ? Via.SCRIPT : otherwise;
    metrics.count("edge_submits_" + via.name().toLowerCase(Locale.ROOT));
    return bodies.with(request, user.name(), body -> bus.request(StatusServices.TIME, null)
        .compose(now -> submit(user, via, body, now.plus(SubmissionServices.STORED_WITHIN))))
      .compose(submitted -> Responses.json(request, 200, TaskJson.receipt(submitted))
        .onComplete(answered -> publish(submitted.task())));
  }

  private Future<Submitted> submit(User user, Via via, ReceivedBody body, Instant until) {
    return body.isSmall() ? bus.request(SubmissionServices.SUBMIT, new Submit(user.name(), via, body.whole(), until))
      : uploads.with(body, upload -> bus.request(SubmissionServices.SUBMIT,
        new Submit(user.name(), via, Buffer.buffer(), Optional.of(upload), until)));
  }

  /** Published after the response: pages recognize the run by its id in the response. */
  private void publish(TaskStatus task) {
    bus.publish(Events.TASK, new TaskEvent(task.id(), task.user(), Happened.SUBMITTED, task.state(), task.instance()));
  }
}
