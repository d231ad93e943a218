package io.anteroom.queue;

import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The queue of the whole lab: which tasks wait, in which order, and which run.
 *
 * <p>It is the only authority on that. Every call is atomic, and may be repeated when its reply was lost.
 * Every future fails with an {@link io.anteroom.task.ApiException} of code {@code QUEUE_UNAVAILABLE} when the store
 * cannot be reached, is full, or does not reply in time; whether the call took effect is unknown then. Further codes
 * stand at the methods. Futures complete on the caller's context. Times are by the clock of the store.
 */
public interface TaskQueue {
  /**
   * How long after its submit a rejectable task can be rejected at most, by the clock of the store. It ends earlier
   * when its submitter gets an answer.
   */
  Duration ANSWER_WITHIN = Duration.ofSeconds(8);

  /** No deadline. */
  Instant FOR_EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  /**
   * Stores a task; completes only when the task survives everything that the store survives.
   *
   * <p>A rejectable submission can still be rejected: by {@link #finish} when its instance refuses it, by {@link
   * #reject} while it waits. Until that is over it stands in no list. It is over with {@link #acknowledge}, with {@link
   * #markAccepted}, and after {@link #ANSWER_WITHIN} at the latest.
   *
   * <p>The same id by the same user again changes nothing and returns the present status. Fails with {@code
   * PROMPT_ID_TAKEN} when the id belongs to another user, with {@code TOO_MANY_WAITING} above the user's cap of tasks,
   * with {@code TOO_MUCH_WAITING} above the user's cap of bytes, with {@code QUEUE_FULL} above that of all users.
   *
   * <p>After a failure it is not stored, and never will be: a call whose reply was lost is repeated until {@code
   * until}, unless the store stays away that long.
   *
   * @param until by the clock of the store; nothing is stored later
   */
  Future<Receipt> submit(Submission submission, Instant until);

  /** The same without a deadline. */
  default Future<Receipt> submit(Submission submission) {
    return submit(submission, FOR_EVER);
  }

  /** The time by the clock of the store, or a little earlier. */
  Future<Instant> time();

  /**
   * The status of a task for the answer to its submitter; from now on it cannot be rejected. Empty when there is none.
   * Fails with {@code INVALID_PROMPT}, in the words of its instance, when it was rejected.
   */
  Future<Optional<TaskStatus>> acknowledge(TaskId id);

  /**
   * Removes a task from the queue as if it had never been. False when it does not wait, or can no longer be rejected.
   */
  Future<Boolean> reject(TaskId id);

  /** The present status of a task; empty when there is none, or it ended longer ago than ended tasks are kept. */
  Future<Optional<TaskStatus>> status(TaskId id);

  /** The status of these tasks, in no particular order, without those that do not exist. */
  Future<List<TaskStatus>> statuses(Collection<TaskId> ids);

  /** The user's tasks: running, then waiting in their order, then those that ended and are kept, newest first. */
  default Future<List<TaskStatus>> list(String user) {
    return list(user, Integer.MAX_VALUE);
  }

  /**
   * The same without the older of the ended tasks.
   *
   * @param ended how many ended tasks are listed at most
   */
  Future<List<TaskStatus>> list(String user, int ended);

  /**
   * Cancels a task of this user. A waiting task is {@code cancelled} at once; a running one is marked, and its owner
   * stops it. Fails with {@code UNKNOWN_TASK} when it is not this user's, with {@code ALREADY_ENDED} when it has ended
   * in another state.
   */
  Future<Cancelled> cancel(TaskId id, String user);

  /** Cancels a task of this user only if it waits; a running one goes on. Fails as {@link #cancel} does. */
  Future<Cancelled> withdraw(TaskId id, String user);

  /** Deletes those of these tasks that are this user's and have ended. */
  Future<Void> forget(String user, Collection<TaskId> ids);

  /**
   * The requests of those of these tasks that are this user's; those of ended tasks as far as there was room to keep
   * them. The request of a task that was submitted to an older Anteroom may contain secrets.
   *
   * @param room the most bytes of all together; a request that does not fit is left out
   */
  Future<Map<TaskId, String>> listBodies(String user, Collection<TaskId> ids, long room);

  /**
   * Claims the next task for this owner: a permit of the limit, a slot of an instance, a lease and a new fence in one
   * step. Empty when the limit is reached, or no waiting task may start at an instance that this node lists.
   */
  Future<Optional<Claim>> claim(String owner);

  /**
   * The request of a claimed task, which must be {@link Claim#isSendable}. Fails with an {@link
   * UnreadableRequestException} when it cannot be read here; its later parts may fail so too, if they were changed.
   */
  Future<RunRequest> open(Claim claim);

  /** Renews the lease straight before the POST. False when the claim is no longer valid; nothing may be sent then. */
  Future<Boolean> beginSubmit(Claim claim);

  /** The instance has accepted it: it runs, and its time counts from now. False when the claim is no longer valid. */
  Future<Boolean> markAccepted(Claim claim);

  /**
   * An accepted task that waited in its instance's own queue runs now: its time counts from now. False when the claim
   * is no longer valid.
   */
  Future<Boolean> began(Claim claim);

  /** Renews the leases of all these claims; returns which are no longer valid, and which have to be cancelled. */
  Future<Renewal> renew(Collection<Claim> claims);

  /**
   * Ends a task and, if {@code next}, claims the next one for the same owner in the same step. A task that its instance
   * refused is rejected if it still can be: nothing remains of it but the answer to its submitter. Changes nothing when
   * the claim is no longer valid, but may claim a next one even so.
   */
  Future<Ending> finish(Claim claim, Outcome outcome, boolean next);

  /**
   * Returns the task to the head of its user's list, and counts the fault of its instance (circuit breaker): from the
   * second in a row on the instance gets no tasks for a pause. When the instance refused the task before and has run
   * others to their end since then, the fault is the task's own and does not count against the instance. Changes
   * nothing when the claim is no longer valid.
   *
   * @param maxAttempts a task fails after this many faults of its own
   */
  Future<AfterFault> fault(Claim claim, InstanceFault fault, int maxAttempts);

  /**
   * The run of the task is certainly gone: counts one more attempt with the same permit, and the fault of its instance.
   * When that gives the instance a pause, the task returns to the head of its user's list.
   *
   * @param reason an {@link InstanceOutage} as it is stored
   */
  Future<Retry> reattempt(Claim claim, String reason);

  /** Hands over these running tasks: any owner may adopt them at once. Part of the graceful shutdown of a node. */
  Future<Void> handOver(Collection<Claim> claims);

  /** Takes over up to {@code max} tasks whose lease has ended. Their permits stay taken. */
  Future<List<Claim>> adopt(String owner, int max);

  /**
   * Ends the leases of all tasks whose owners are gone, so that they may be adopted at once; returns how many. Harmless
   * for an owner that is alive: its tasks may change owners, and its fences are outdated then.
   *
   * @param gone prefix of the names of those owners: the whole name of one, or what all incarnations of a node share
   * @param caller this owner; its own tasks are left alone
   */
  Future<Integer> expireLeases(String gone, String caller);

  /**
   * The tasks of this owner apart from those that it watches: their claims took effect, but the replies were lost. To
   * be called only while no reply that could bring a claim is awaited.
   */
  Future<List<Claim>> recoverClaims(String owner, Collection<TaskId> watched);

  /**
   * Sets the state of an instance. While every instance of a pool is out, the tasks of its users wait uncounted and
   * show why.
   *
   * @param reason an {@link InstanceOutage} as it is stored; empty when it is not out
   */
  Future<News> setInstanceState(String instance, InstanceState state, String reason);

  /** The same for an instance that was seen at this address; changes nothing when another address is in force. */
  default Future<News> setInstanceState(String instance, String address, InstanceState state, String reason) {
    return setInstanceState(instance, state, reason);
  }

  /** The condition of each instance that is configured, or drains. */
  Future<List<Condition>> conditions();

  /**
   * Ends the tasks whose instances have been out this long: waiting ones fail, those that process at an instance that
   * does not answer are lost, and that instance is fenced. Returns the ended tasks, a limited number; the next call
   * ends more.
   */
  Future<List<TaskStatus>> giveUp(Duration timeout);

  /**
   * Publishes the limits and the instances of this node to the store; returns what is in force. Where nodes differ,
   * that is what a node that started or was changed has published last; what others publish changes nothing. From now
   * on this node claims no task for an instance that it does not list. Fails when the store's data have a format that
   * this Anteroom does not know; then it neither claims nor submits.
   */
  Future<EffectiveConfig> configure(QueueConfig configuration);

  /** The configuration in force. */
  Future<EffectiveConfig> effectiveConfiguration();

  /**
   * Whether the store was reconciled with what runs at the instances, and otherwise which of them to read. Of several
   * nodes that offer to read, one at a time is chosen; nothing is claimed before it has called {@link #recover}.
   */
  Future<Recovery> nextRecovery(String owner);

  /**
   * Reconciles the store with what was found at the instances and ends the recovery. Tasks that were found in another
   * state than stored may be adopted at once, even above the limit. Instances that did not answer get no task until
   * they were read.
   *
   * @param generation of the store for which the instances were read; readings for another one are ignored
   */
  Future<Recovery.Result> recover(String generation, Collection<Reading> readings);

  /**
   * The generation of the store: another one after each start, each failover, and after it was emptied. Empty until its
   * recovery is over.
   */
  Future<Optional<String>> generation();

  /** Ends as {@code lost} those of these acknowledged tasks that the store no longer knows; returns which. */
  Future<List<TaskId>> markLost(Map<TaskId, String> usersOfTasks);

  /** Counts of the whole queue at this moment. */
  Future<Stats> stats();

  /**
   * The request to send to an instance.
   *
   * @param body    everything before the attempt number
   * @param secrets the end of the request with its user's secrets; empty for none
   */
  record RunRequest(Payload body, String secrets) {
  }

  /**
   * The result of {@link #cancel} or {@link #withdraw}.
   *
   * @param first whether this call changed anything: neither a repeated call does, nor one that lets a run go on
   */
  record Cancelled(TaskStatus task, boolean first) {
  }

  /**
   * The result of {@link #finish}.
   *
   * @param stands   whether the task has this end now; not when another owner has it, which alone may end it
   * @param rejected whether this end is the answer to its submitter, and nothing else is left of the task
   * @param next     the claim of the next task
   */
  record Ending(boolean stands, boolean rejected, Optional<Claim> next) {
  }

  /** The result of {@link #fault}. */
  enum AfterFault {
    /** The task waits, unless the claim was no longer valid. */
    WAITS,
    /** It waits, and its instance gets no tasks for a while. */
    PAUSED,
    /** The task has failed. */
    FAILED
  }

  /** The result of {@link #reattempt}. */
  enum Retry {
    /** The claim is no longer valid. */
    NOT_OURS,
    /** The next attempt may be sent, with the same permit. */
    IN_PLACE,
    /** The task waits, and the claim is over. */
    WAITS
  }

  /**
   * The state of an instance, and of its circuit breaker.
   *
   * @param state  up, trial, down, ill, fenced or draining
   * @param outage why it gets no tasks or only one at a time, and since when
   * @param faults tasks in a row that it did not run
   */
  record Condition(String instance, String state, Optional<InstanceOutage> outage, int faults, int running) {
    /** Whether it has left the list, and tasks still run there. */
    public boolean isDraining() {
      return state.equals("draining");
    }
  }

  /** The result of {@link #renew}. */
  record Renewal(List<TaskId> lost, List<TaskId> cancelled) {
  }

  /** The result of {@link #setInstanceState}. */
  enum News {
    /** The state was known already. */
    KNOWN,
    /** The state has changed. */
    CHANGED,
    /** The instance answers but stays out: after faults for a pause, after a fence until it is idle. */
    NOT_YET
  }

  /** What was observed of an instance. */
  enum InstanceState {
    /** It answers. Does not lift a fence. */
    UP,
    /** It answers and has nothing to do: up, and no longer fenced. */
    IDLE,
    /** A run there reports progress, whether or not the instance answers: it is not silent. */
    HEARD,
    /** It does not answer, or not as ComfyUI does. */
    DOWN,
    /** It did not stop a task that had to end: it gets no other until it was seen idle. */
    FENCED
  }

  /**
   * Counts of the whole lab.
   *
   * @param waiting tasks that wait and have a position
   * @param blocked tasks that wait without one
   * @param users   users with a task that waits or processes
   * @param bytes   stored bytes of the requests of all tasks that have not ended
   * @param totals  how often each event happened since the store was created
   */
  record Stats(int limit, int processing, int waiting, int blocked, int users, Duration oldestWaiting,
      int instancesOut, long bytes, Map<Total, Long> totals) {
  }

  /**
   * Events of tasks. A task that was submitted and not rejected waits, processes, or has one of the final states.
   */
  enum Total {
    SUBMITTED, REJECTED,
    /** An instance has accepted a task; a task that returns to the queue may start again. */
    STARTED,
    COMPLETED, FAILED, CANCELLED, TIMED_OUT, LOST;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
