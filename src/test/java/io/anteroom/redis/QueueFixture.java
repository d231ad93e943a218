package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;

import io.anteroom.queue.Claim;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Recovery.Reading.Found;
import io.anteroom.queue.Recovery.Reading.Place;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.TaskQueue.AfterFault;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A queue on a real Redis, spoken to in the words of the lab: instances a1, b1, … serve the pools a, b, … */
public final class QueueFixture implements AutoCloseable {
  public static final Duration LEASE = Duration.ofSeconds(15);
  public static final Instant LONG_AGO = Instant.ofEpochSecond(1_000_000_000);

  public final TestRedis redis = TestRedis.start();
  public final Vertx vertx = Vertx.vertx();
  public final RedisTaskQueue queue = redis.queue(vertx);

  /** Forgets everything and starts with this limit and these instances. */
  public void opens(int limit, Room... rooms) {
    redis.flush();
    configures(limit, rooms);
  }

  public void configures(int limit, Room... rooms) {
    configures(new QueueConfig(limit, 1, 5, LEASE, Duration.ofHours(24), List.of(rooms)));
  }

  /** Has the instances read as well, which have nothing. */
  public void configures(QueueConfig settings) {
    done(queue.configure(settings));
    redis.isRecovered(queue);
  }

  public static Room room(String instance, int slots) {
    return new Room(instance, instance.substring(0, 1), slots);
  }

  /** The user's pool is named by the first letter, so alice has the pool a. */
  public static String poolOf(String user) {
    return user.substring(0, 1);
  }

  public TaskId submits(String user) {
    return submits(user, TaskId.random(), false).status().id();
  }

  public TaskId submitsInFront(String user) {
    return submits(user, TaskId.random(), true).status().id();
  }

  public Receipt submits(String user, TaskId id, boolean front) {
    return done(queue.submit(new Submission(id, user, poolOf(user), front, "tab of " + user, "body of " + user, "")));
  }

  public Optional<Claim> claims() {
    return done(queue.claim("node"));
  }

  /** Claims as long as there is something to claim. */
  public List<Claim> claimsAll() {
    List<Claim> claims = new ArrayList<>();
    for (Optional<Claim> next = claims(); next.isPresent(); next = claims()) {
      claims.add(next.get());
    }
    return claims;
  }

  public Optional<Claim> completes(Claim claim) {
    return done(queue.finish(claim, Outcome.completed("{}"), true)).next();
  }

  public void goesDown(String instance) {
    done(queue.setInstanceState(instance, InstanceState.DOWN, instance + " does not answer"));
  }

  public void comesBack(String instance) {
    done(queue.setInstanceState(instance, InstanceState.UP, ""));
  }

  /** The same data under another Redis, as after a failover. */
  public void redisComesBack() {
    redis.ask("HSET", RedisKeys.LIMITS.key(), "run_id", "0".repeat(40));
  }

  /** Tells it what was found at instances; those that are not named were not asked. */
  public Recovery.Result learns(Reading... readings) {
    return done(queue.recover(done(queue.nextRecovery("one")).generation(), List.of(readings)));
  }

  public static Found found(TaskId id, Place place, String user, int attempt) {
    return new Found(id, place, user, "tab of " + user, attempt);
  }

  /** The instance kept the task from running; whether it gets no tasks for a while because of it. */
  public boolean faults(Claim claim, InstanceFault.Kind kind) {
    return done(queue.fault(claim, new InstanceFault(kind, claim.instance() + " is ill"), 3)) == AfterFault.PAUSED;
  }

  /** The instance was not reached, so the task waits again; by now it answers. */
  public void requeues(Claim claim) {
    faults(claim, InstanceFault.Kind.UNREACHABLE);
    comesBack(claim.instance());
  }

  /** So much time passes since the last fault of the instance. */
  public void passes(String instance, int millis) {
    redis.ask("HINCRBY", RedisKeys.INSTANCE.of(instance), "faulted", "-" + millis);
  }

  /** The task is said to have started long ago. */
  public void beganLongAgo(TaskId id) {
    redis.ask("HSET", RedisKeys.TASK.of(id.value()), "started", String.valueOf(LONG_AGO.toEpochMilli()));
  }

  public TaskStatus status(TaskId id) {
    return done(queue.status(id)).orElseThrow();
  }

  public int position(TaskId id) {
    return status(id).position();
  }

  /** What the queue answered instead. */
  public static ApiException refusal(Future<?> future) {
    return done(future.map((ApiException) null).recover(failure -> Future.succeededFuture((ApiException) failure)));
  }

  @Override
  public void close() {
    done(queue.close());
    done(vertx.close());
    redis.close();
  }
}
