package io.anteroom.support.redis;

import io.anteroom.queue.Claim;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.support.Payloads;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A queue that lives in memory and dies with its test: order of arrival, one owner, leases that never end.
 *
 * <p>May be asked from any thread, works on one of its own as a store does, and answers on the caller's context.
 */
public final class MemoryTaskQueue extends SoleOwnersQueue {
  private final Map<TaskId, MemoryTask> tasks = new LinkedHashMap<>();
  private final Map<TaskId, TaskError> rejected = new HashMap<>();
  private final List<MemoryTask> waiting = new ArrayList<>();
  private final Vertx vertx;
  private final Clock clock;
  private QueueConfig configuration;
  private boolean unreachable;
  private int reads;
  private int failures;

  public MemoryTaskQueue(Vertx vertx, QueueConfig configuration, Clock clock) {
    this.vertx = vertx;
    this.configuration = configuration;
    this.clock = clock;
  }

  /** Whether the store is away from now on. */
  public synchronized void unreachable(boolean away) {
    unreachable = away;
  }

  /** How often tasks were looked up, alone, together or by user. */
  public synchronized int reads() {
    return reads;
  }

  /** How many calls failed because the store was away. */
  public synchronized int failures() {
    return failures;
  }

  /** What was stored for ComfyUI. */
  public synchronized Submission submission(TaskId id) {
    return tasks.get(id).submission;
  }

  @Override
  public Future<Instant> time() {
    return Future.succeededFuture(clock.instant());
  }

  @Override
  public Future<Receipt> submit(Submission submission, Instant until) {
    return atomically(() -> {
      if (clock.instant().isAfter(until)) {
        throw ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE, "late", "late");
      }
      MemoryTask known = tasks.get(submission.id());
      if (known != null && !known.submission.user().equals(submission.user())) {
        throw ApiException.of(ApiException.Code.PROMPT_ID_TAKEN, "taken", "taken");
      }
      MemoryTask task = known == null ? add(submission) : known;
      boolean startable = next().isPresent();
      task.unanswered = known == null && switch (submission.rejectable()) {
        case NEVER -> false;
        case AT_START -> startable;
        case ANYHOW -> true;
      };
      return new Receipt(at(task), known != null, startable);
    });
  }

  @Override
  public Future<Optional<TaskStatus>> acknowledge(TaskId id) {
    return atomically(() -> {
      if (rejected.containsKey(id)) {
        throw ApiException.byComfyUi(rejected.get(id));
      }
      return Optional.ofNullable(tasks.get(id)).map(task -> {
        task.unanswered = false;
        return at(task);
      });
    });
  }

  @Override
  public Future<Boolean> reject(TaskId id) {
    return atomically(() -> {
      MemoryTask task = tasks.get(id);
      return task != null && task.unanswered && waiting.remove(task) && tasks.remove(id) != null;
    });
  }

  private MemoryTask add(Submission submission) {
    List<MemoryTask> own = waiting.stream().filter(task -> task.isOf(submission.user())).toList();
    if (own.size() >= configuration.userWaiting()) {
      throw ApiException.of(ApiException.Code.TOO_MANY_WAITING, "too many", "too many");
    }
    MemoryTask task = new MemoryTask(submission, tasks.size() + 1, clock.instant());
    tasks.put(submission.id(), task);
    waiting.add(submission.front() && !own.isEmpty() ? waiting.indexOf(own.get(0)) : waiting.size(), task);
    return task;
  }

  @Override
  public Future<Optional<TaskStatus>> status(TaskId id) {
    return statuses(List.of(id)).map(found -> found.stream().findFirst());
  }

  @Override
  public Future<List<TaskStatus>> statuses(Collection<TaskId> ids) {
    return reading(() -> ids.stream().filter(tasks::containsKey).map(tasks::get).map(this::at).toList());
  }

  @Override
  public Future<List<TaskStatus>> list(String user, int ended) {
    return reading(() -> Stream.of(running(), waiting.stream(), ended().filter(task -> task.isOf(user)).limit(ended))
      .flatMap(part -> part.filter(task -> task.isOf(user) && !task.unanswered))
      .map(this::at)
      .toList());
  }

  @Override
  public Future<Cancelled> cancel(TaskId id, String user) {
    return atomically(() -> {
      MemoryTask task = tasks.get(id);
      if (task == null || !task.isOf(user)) {
        throw ApiException.of(ApiException.Code.UNKNOWN_TASK, "unknown", "unknown");
      }
      boolean first = !task.cancelled;
      task.cancelled = true;
      if (waiting.remove(task)) {
        task.end(Outcome.of(TaskState.CANCELLED, new TaskError("cancelled", "Cancelled")), clock.instant());
      }
      return new Cancelled(at(task), first);
    });
  }

  @Override
  public Future<Cancelled> withdraw(TaskId id, String user) {
    return status(id).compose(now -> now.filter(task -> task.state() == TaskState.PROCESSING)
      .map(task -> Future.succeededFuture(new Cancelled(task, false))).orElseGet(() -> cancel(id, user)));
  }

  @Override
  public Future<Void> forget(String user, Collection<TaskId> ids) {
    return atomically(() -> tasks.values().removeIf(task ->
      task.isOf(user) && task.state.isFinal() && ids.contains(task.submission.id()))).mapEmpty();
  }

  @Override
  public Future<Map<TaskId, String>> listBodies(String user, Collection<TaskId> ids, long room) {
    return atomically(() -> ids.stream().map(tasks::get)
      .filter(task -> task != null && task.isOf(user) && !task.state.isFinal())
      .collect(Collectors.toMap(task -> task.submission.id(), task -> Payloads.text(task.submission.body()))));
  }

  @Override
  public Future<Optional<Claim>> claim(String owner) {
    return atomically(this::take);
  }

  @Override
  public Future<RunRequest> open(Claim claim) {
    return atomically(() -> {
      Submission submission = tasks.get(claim.id()).submission;
      return new RunRequest(submission.body(), submission.secrets());
    });
  }

  @Override
  public Future<Boolean> beginSubmit(Claim claim) {
    return atomically(() -> held(claim));
  }

  @Override
  public Future<Boolean> markAccepted(Claim claim) {
    return atomically(() -> {
      tasks.get(claim.id()).unanswered = false;
      return held(claim);
    });
  }

  @Override
  public Future<Boolean> began(Claim claim) {
    return atomically(() -> held(claim));
  }

  @Override
  public Future<Renewal> renew(Collection<Claim> claims) {
    return atomically(() -> new Renewal(
      claims.stream().filter(claim -> !held(claim)).map(Claim::id).toList(),
      claims.stream().map(Claim::id).filter(id -> tasks.get(id).cancelled).toList()));
  }

  @Override
  public Future<Ending> finish(Claim claim, Outcome outcome, boolean next) {
    return atomically(() -> {
      boolean ours = held(claim);
      boolean rejects = ours && outcome.refused() && tasks.get(claim.id()).unanswered;
      if (rejects) {
        tasks.remove(claim.id());
        rejected.put(claim.id(), outcome.error().orElseThrow());
      } else if (ours) {
        tasks.get(claim.id()).end(outcome, clock.instant());
      }
      return new Ending(ours, rejects, next ? take() : Optional.empty());
    });
  }

  @Override
  public Future<AfterFault> fault(Claim claim, InstanceFault fault, int maxAttempts) {
    goesDown(claim.instance());
    return atomically(() -> {
      if (held(claim)) {
        waiting.add(0, tasks.get(claim.id()).back());
      }
      return AfterFault.PAUSED;
    });
  }

  @Override
  public Future<Retry> reattempt(Claim claim, String reason) {
    return atomically(() -> held(claim) && ++tasks.get(claim.id()).attempts > 1 ? Retry.IN_PLACE : Retry.NOT_OURS);
  }

  @Override
  public Future<EffectiveConfig> configure(QueueConfig newer) {
    return atomically(() -> configuration = newer).compose(done -> effectiveConfiguration());
  }

  @Override
  public Future<EffectiveConfig> effectiveConfiguration() {
    return atomically(() -> new EffectiveConfig(Map.of(), configuration, List.of()));
  }

  @Override
  public Future<Stats> stats() {
    return atomically(() -> new Stats(configuration.limit(), (int) running().count(), waiting.size(), 0,
      (int) waiting.stream().map(task -> task.submission.user()).distinct().count(),
      waiting.isEmpty() ? Duration.ZERO : Duration.between(waiting.get(0).submitted, clock.instant()), 0, 0,
      Map.of()));
  }

  private Optional<Claim> take() {
    Optional<MemoryTask> next = next();
    next.ifPresent(task -> {
      waiting.remove(task);
      task.start(room(task).orElseThrow(), clock.instant());
    });
    return next.map(MemoryTask::claim);
  }

  private Optional<MemoryTask> next() {
    return running().count() >= configuration.limit() ? Optional.empty()
      : waiting.stream().filter(task -> room(task).isPresent()).findFirst();
  }

  private Optional<String> room(MemoryTask task) {
    long ownRunning = running().filter(other -> other.isOf(task.submission.user())).count();
    return ownRunning >= configuration.userRunning() ? Optional.empty() : configuration.instances().stream()
      .filter(room -> room.pool().equals(task.submission.pool()))
      .filter(room -> isUp(room.instance()))
      .filter(room -> running().filter(other -> other.instance.equals(room.instance())).count() < room.slots())
      .map(QueueConfig.Room::instance)
      .findFirst();
  }

  private TaskStatus at(MemoryTask task) {
    return task.status(waiting.indexOf(task) + 1);
  }

  private boolean held(Claim claim) {
    return tasks.containsKey(claim.id()) && tasks.get(claim.id()).isHeldBy(claim);
  }

  private Stream<MemoryTask> running() {
    return tasks.values().stream().filter(MemoryTask::isRunning);
  }

  private Stream<MemoryTask> ended() {
    return tasks.values().stream().filter(task -> task.state.isFinal()).sorted(MemoryTask.LATEST_FIRST);
  }

  private <T> Future<T> reading(Supplier<T> step) {
    return atomically(() -> {
      reads++;
      return step.get();
    });
  }

  private <T> Future<T> atomically(Supplier<T> step) {
    return vertx.executeBlocking(() -> now(step));
  }

  private synchronized <T> T now(Supplier<T> step) {
    if (unreachable) {
      failures++;
      throw ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE, "away", "away");
    }
    return step.get();
  }
}
