package io.anteroom.redis.model;

import io.anteroom.queue.Claim;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.Submission;
import io.anteroom.queue.TaskQueue.InstanceState;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The queue as plain lists: keeps nothing that it can work out, and says what the queue in Redis must hold.
 * Slow and simple on purpose; tags are one round apart, ties go by arrival.
 */
final class QueueModel {
  private static final Comparator<Task> ORDER =
    Comparator.<Task>comparingLong(task -> task.tag).thenComparing(task -> task.seq);

  final Map<TaskId, Task> tasks = new LinkedHashMap<>();
  final Map<String, User> users = new TreeMap<>();
  final Map<String, Instance> instances = new TreeMap<>();
  QueueConfig settings;
  int limit;
  long time;
  private int configured = -1;
  private long seq;

  /** A task; its tag is the round in which it starts. It is unheard while its owner does not know that it has it. */
  static final class Task {
    TaskId id;
    User user;
    long seq;
    long tag;
    TaskState state = TaskState.QUEUED;
    int attempts;
    String instance = "";
    boolean cancelled;
    Claim claim;
    String owner;
    boolean unheard;
  }

  /** A user with the list of those who wait, next first. */
  static final class User {
    String name;
    String pool;
    long last = -1;
    final List<Task> waiting = new ArrayList<>();
  }

  /** An instance; its pool is null when it is not configured. */
  static final class Instance {
    String name;
    String pool;
    int slots;
    InstanceState state = InstanceState.UP;
  }

  void configure(QueueConfig changed) {
    settings = changed;
    if (configured != changed.limit()) {
      configured = changed.limit();
      limit = configured;
    }
    instances.values().forEach(instance -> instance.pool = null);
    changed.instances().forEach(room -> {
      Instance instance = instances.computeIfAbsent(room.instance(), name -> new Instance());
      instance.name = room.instance();
      instance.pool = room.pool();
      instance.slots = room.slots();
    });
    liftAll();
  }

  void setInstanceState(String name, InstanceState state) {
    Instance instance = instances.get(name);
    if (instance != null && (instance.state != InstanceState.FENCED || state == InstanceState.IDLE)) {
      instance.state = state == InstanceState.IDLE ? InstanceState.UP : state;
    }
    liftAll();
  }

  /** What becomes of it: stored, repeated, taken or full. */
  String submit(Submission submission) {
    Task known = tasks.get(submission.id());
    if (known != null) {
      return known.user.name.equals(submission.user()) ? "repeated" : "taken";
    }
    User user = users.computeIfAbsent(submission.user(), name -> new User());
    user.name = submission.user();
    if (user.waiting.size() >= settings.userWaiting()) {
      return "full";
    }
    user.pool = submission.pool();
    liftAll();
    Task task = new Task();
    task.id = submission.id();
    task.user = user;
    task.seq = ++seq;
    tasks.put(task.id, task);
    store(task, submission.front());
    return "stored";
  }

  private void store(Task task, boolean front) {
    User user = task.user;
    if (front && !user.waiting.isEmpty()) {
      putFirst(task, user.waiting.get(0).tag);
    } else {
      task.tag = Math.max(time, user.last + 1);
      user.last = task.tag;
      user.waiting.add(task);
    }
  }

  /** Starts the next one, if one may start. */
  Optional<Task> claim() {
    Optional<Task> next = running().count() < limit ? ready().stream().findFirst() : Optional.empty();
    next.ifPresent(task -> {
      task.user.waiting.remove(task);
      task.state = TaskState.PROCESSING;
      task.attempts++;
      task.instance = freeInstance(task.user.pool).orElseThrow().name;
      time = Math.max(time, task.tag);
      liftAll();
    });
    return next;
  }

  void end(Task task, TaskState state) {
    task.state = state;
  }

  void forget(Task task) {
    if (task.state.isFinal()) {
      tasks.remove(task.id);
    }
  }

  void requeue(Task task) {
    task.attempts--;
    task.instance = "";
    if (task.cancelled) {
      end(task, TaskState.CANCELLED);
    } else {
      task.state = TaskState.QUEUED;
      putFirst(task, Math.max(time, task.tag));
    }
  }

  void cancel(Task task) {
    if (task.state == TaskState.PROCESSING) {
      task.cancelled = true;
      return;
    }
    User user = task.user;
    List<Long> tags = user.waiting.stream().map(waiting -> waiting.tag).toList();
    user.waiting.remove(task);
    for (int i = 0; i < user.waiting.size(); i++) {
      user.waiting.get(i).tag = tags.get(i);
    }
    user.last = tags.get(tags.size() - 1) - 1;
    end(task, TaskState.CANCELLED);
  }

  /** The latest number that was drawn. */
  long lastNumber() {
    return seq;
  }

  Stream<Task> running() {
    return tasks.values().stream().filter(task -> task.state == TaskState.PROCESSING);
  }

  Stream<Task> running(User user) {
    return running().filter(task -> task.user == user);
  }

  long runningOn(Instance instance) {
    return running().filter(task -> task.instance.equals(instance.name)).count();
  }

  /** Everybody who waits and is counted, in the order in which they start. */
  List<Task> order() {
    return users.values().stream().filter(user -> !isBlocked(user)).flatMap(user -> user.waiting.stream())
      .sorted(ORDER).toList();
  }

  /** The first task of each user of the pool who may start one. */
  List<Task> heads(String pool) {
    return users.values().stream()
      .filter(user -> pool.equals(user.pool) && !user.waiting.isEmpty() && !isBlocked(user))
      .filter(user -> running(user).count() < settings.userRunning())
      .map(user -> user.waiting.get(0)).sorted(ORDER).toList();
  }

  /** The first head of each pool with room. */
  List<Task> ready() {
    return users.values().stream().map(user -> user.pool).distinct()
      .filter(pool -> freeInstance(pool).isPresent())
      .flatMap(pool -> heads(pool).stream().limit(1)).sorted(ORDER).toList();
  }

  boolean isStartable() {
    return running().count() < limit && !ready().isEmpty();
  }

  boolean isBlocked(User user) {
    return upIn(user.pool).findAny().isEmpty();
  }

  private Optional<Instance> freeInstance(String pool) {
    return upIn(pool).filter(instance -> runningOn(instance) < instance.slots)
      .min(Comparator.comparing(this::runningOn).thenComparing(instance -> instance.name));
  }

  private Stream<Instance> upIn(String pool) {
    return instances.values().stream()
      .filter(instance -> instance.state == InstanceState.UP && pool.equals(instance.pool));
  }

  private static void putFirst(Task task, long tag) {
    task.tag = tag;
    task.user.waiting.add(0, task);
    task.user.last = Math.max(task.user.last, tag);
    pushBack(task.user, tag);
  }

  private void liftAll() {
    users.values().stream().filter(user -> !isBlocked(user)).forEach(user -> pushBack(user, time));
  }

  private static void pushBack(User user, long first) {
    long tag = first;
    for (Task task : user.waiting) {
      task.tag = Math.max(task.tag, tag);
      tag = task.tag + 1;
      user.last = Math.max(user.last, task.tag);
    }
  }
}
