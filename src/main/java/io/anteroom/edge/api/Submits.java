package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.QueueServices;
import io.anteroom.bus.QueueServices.Submit;
import io.anteroom.bus.QueueServices.Submitted;
import io.anteroom.bus.QueueServices.Via;
import io.anteroom.bus.StatusServices;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.PromptBodies;
import io.anteroom.edge.admission.PromptBodies.ReceivedBody;
import io.anteroom.edge.admission.Rates;
import io.anteroom.edge.http.Answers;
import io.anteroom.edge.proxy.HeaderRules;
import io.anteroom.metrics.Tally;
import io.anteroom.task.Refusal;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Takes a run in, by whichever way it came, and answers it as ComfyUI would. */
public final class Submits {
  private static final String CAUGHT_BY_SCRIPT = "script";

  private final Bus bus;
  private final PromptBodies bodies;
  private final Rates rates;
  private final Tally tally;
  private final Uploads uploads;

  public Submits(Bus bus, PromptBodies bodies, Rates rates, Tally tally, Uploads uploads) {
    this.bus = bus;
    this.uploads = uploads;
    this.bodies = bodies;
    this.rates = rates;
    this.tally = tally;
  }

  /** @param otherwise how it was caught when it does not say that the boot script caught it */
  public Future<Void> submit(HttpServerRequest request, User user, Via otherwise) {
    Optional<Refusal> tooMany = rates.ofRuns(user.name());
    if (tooMany.isPresent()) {
      return Future.failedFuture(tooMany.get());
    }
    boolean caughtByScript = CAUGHT_BY_SCRIPT.equals(request.getHeader(HeaderRules.VIA));
    Via via = caughtByScript ? Via.SCRIPT : otherwise;
    tally.count("edge_submits_" + via.name().toLowerCase(Locale.ROOT));
    return bodies.with(request, user.name(), body -> bus.ask(StatusServices.TIME, null)
        .compose(now -> submit(user, via, body, now.plus(QueueServices.STORED_WITHIN))))
      .compose(submitted -> Answers.json(request, 200, TaskJson.receipt(submitted))
        .onComplete(answered -> tell(submitted.task())));
  }

  private Future<Submitted> submit(User user, Via via, ReceivedBody body, Instant until) {
    return body.isSmall() ? bus.ask(QueueServices.SUBMIT, new Submit(user.name(), via, body.whole(), until))
      : uploads.with(body, upload -> bus.ask(QueueServices.SUBMIT,
        new Submit(user.name(), via, Buffer.buffer(), Optional.of(upload), until)));
  }

  /** Only now: from this on pages are told of its run, and they know it by the answer. */
  private void tell(TaskStatus task) {
    bus.tell(Events.TASK, new TaskEvent(task.id(), task.user(), Happened.SUBMITTED, task.state(), task.instance()));
  }
}
