package io.anteroom.edge.panel;

import io.anteroom.bus.Bus;
import io.anteroom.comfy.PageClient;
import io.anteroom.comfy.PageClient.Jobs;
import io.anteroom.directory.Directory;
import io.anteroom.edge.proxy.Visit;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * ComfyUI's lists and wishes for one student: what the queue knows of his tasks, joined with what his instances tell.
 *
 * <p>Each task is in exactly one state and has one number in all of it, those that the queue says.
 */
public final class Panel {
  private final QueueView queue;
  private final HistoryView history;
  private final JobsView jobs;
  private final FilesView files;
  private final Wishes wishes;

  public Panel(Bus bus, Supplier<Directory> directory, PageClient instances) {
    TaskDesk desk = new TaskDesk(bus);
    Places places = new Places(directory);
    queue = new QueueView(desk, instances);
    history = new HistoryView(desk, places, instances);
    jobs = new JobsView(desk, places, instances);
    files = new FilesView(history, instances);
    wishes = new Wishes(desk, places, instances);
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
