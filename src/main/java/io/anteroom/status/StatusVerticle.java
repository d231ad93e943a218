package io.anteroom.status;

import io.anteroom.async.Ticker;
import io.anteroom.bus.Bus;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.StatusServices;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.queue.TaskQueue;
import io.anteroom.status.LongPollHandler.Subject;
import io.anteroom.status.StatusReader.ProgressBoard;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Tells students how their tasks stand: events say when to look, and every poll interval it looks without one. */
public final class StatusVerticle extends VerticleBase {
  private final TaskQueue queue;
  private final Duration pollInterval;
  private final MetricsRegistry tally;
  private final Clock clock;
  private List<Bus.Registration> registrations = List.of();
  private PendingPolls watchlist;
  private LongPollHandler questions;
  private ProgressBoard progress;
  private EtaForecast forecast;

  public StatusVerticle(TaskQueue queue, Duration pollInterval, MetricsRegistry tally, Clock clock) {
    this.queue = queue;
    this.pollInterval = pollInterval;
    this.tally = tally;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    Ticker ticker = Ticker.system();
    progress = new ProgressBoard();
    forecast = new EtaForecast(queue, clock, ticker);
    watchlist = new PendingPolls(vertx);
    questions = new LongPollHandler(vertx, new StatusReader(queue, progress, forecast), watchlist, ticker);
    tally.gauge(Metric.STATUS_WATCHERS.word(), watchlist::size);
    vertx.setPeriodic(pollInterval.toMillis(), tick -> questions.hintAll());
    Bus bus = new Bus(vertx);
    registrations = List.of(
      bus.serve(StatusServices.TASK, about ->
        questions.ask(Subject.task(about.user(), about.id()), about.when())),
      bus.serve(StatusServices.USER, about ->
        questions.ask(Subject.tasksOf(about.user(), about.ended()), about.when())),
      bus.serve(StatusServices.TIME, nothing -> queue.time()),
      bus.subscribe(Events.TASK, this::heard),
      bus.subscribe(Events.WAKE, nothing -> questions.hintAll()));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    watchlist.close();
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList());
  }

  private void heard(TaskEvent event) {
    progress.note(event);
    if (event.happened() == Happened.PROGRESSED) {
      questions.hint(event.user());
      return;
    }
    questions.hintAll();
    if (event.happened() == Happened.FINISHED && event.state() == TaskState.COMPLETED) {
      forecast.learn(event.id());
    }
  }
}
