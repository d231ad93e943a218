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

/** Answers the status of tasks, at once or by long poll: reads the store after an event, and every poll interval. */
public final class StatusVerticle extends VerticleBase {
  private final TaskQueue queue;
  private final Duration pollInterval;
  private final MetricsRegistry metrics;
  private final Clock clock;
  private List<Bus.Registration> registrations = List.of();
  private PendingPolls polls;
  private LongPollHandler handler;
  private ProgressBoard progress;
  private EtaForecast forecast;

  public StatusVerticle(TaskQueue queue, Duration pollInterval, MetricsRegistry metrics, Clock clock) {
    this.queue = queue;
    this.pollInterval = pollInterval;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    Ticker ticker = Ticker.system();
    progress = new ProgressBoard();
    forecast = new EtaForecast(queue, clock, ticker);
    polls = new PendingPolls(vertx);
    handler = new LongPollHandler(vertx, new StatusReader(queue, progress, forecast), polls, ticker);
    metrics.gauge(Metric.STATUS_WATCHERS.word(), polls::size);
    vertx.setPeriodic(pollInterval.toMillis(), tick -> handler.hintAll());
    Bus bus = new Bus(vertx);
    registrations = List.of(
      bus.serve(StatusServices.TASK, about ->
        handler.answer(Subject.task(about.user(), about.id()), about.when())),
      bus.serve(StatusServices.USER, about ->
        handler.answer(Subject.tasksOf(about.user(), about.ended()), about.when())),
      bus.serve(StatusServices.TIME, nothing -> queue.time()),
      bus.subscribe(Events.TASK, this::onTaskEvent),
      bus.subscribe(Events.WAKE, nothing -> handler.hintAll()));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    polls.close();
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList());
  }

  private void onTaskEvent(TaskEvent event) {
    progress.record(event);
    if (event.happened() == Happened.PROGRESSED) {
      handler.hint(event.user());
      return;
    }
    handler.hintAll();
    if (event.happened() == Happened.FINISHED && event.state() == TaskState.COMPLETED) {
      forecast.learn(event.id());
    }
  }
}
