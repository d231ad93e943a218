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
 * The queue of the whole lab: who waits, in which order, and what runs.
 *
 * <p>The authority on all of it: no other part counts. Every call is atomic and may be repeated when its answer was
 * lost. All futures fail with a {@link io.anteroom.task.ApiException} of code {@code QUEUE_UNAVAILABLE} when the store
 * cannot be reached or does not answer in time; then it is unknown whether the call took effect. They complete on the
 * caller's context.
 */
public interface TaskQueue {
  /**
   * For how long a task that may be rejected still may be, by the clock of the store, unless its submitter has an
   * answer.
   */
  Duration ANSWER_WITHIN = Duration.ofSeconds(8);

  Instant FOR_EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  /**
   * Stores a task; answered only when the task survives everything that the store survives.
   *
   * <p>As its submission says, it can still be rejected: {@link #finish} does so when its instance refuses it, {@link
   * #reject} while it waits. Until that is over it stands in no list. It is over with {@link #acknowledge}, once its
   * instance has accepted it, and {@link #ANSWER_WITHIN} later at most.
   *
   * <p>The same id by the same user again changes nothing and answers what became of it. Refused with {@code
   * PROMPT_ID_TAKEN} when the id belongs to another user, with {@code TOO_MANY_WAITING} over the user's cap, with
   * {@code TOO_MUCH_WAITING} over the user's bytes, and with {@code QUEUE_FULL} over those of all.
   *
   * <p>A failure says that it is not stored, and never will be: unless the store stays away until {@code until}, it is
   * found out what became of a call whose answer was lost.
   *
   * @param until by the clock of the store; later nothing is stored
   */
  Future<Receipt> submit(Submission submission, Instant until);

  /** The same for one who waits as long as it takes. */
  default Future<Receipt> submit(Submission submission) {
    return submit(submission, FOR_EVER);
  }

  /** What time it is by the clock of the store, or a little earlier. */
  Future<Instant> time();

  /**
   * What became of a task whose submitter gets this answer; it can no longer be rejected. Empty when there is none.
   * Refused with {@code INVALID_PROMPT}, in the words of its instance, when it was rejected.
   */
  Future<Optional<TaskStatus>> acknowledge(TaskId id);

  /**
   * Takes a task out of the queue as if it had never been. False when it does not wait, or can no longer be rejected.
   */
  Future<Boolean> reject(TaskId id);

  /** The task now; empty when there is none, or it ended too long ago. */
  Future<Optional<TaskStatus>> status(TaskId id);

  /** The tasks named, in no order; those that do not exist are left out. */
  Future<List<TaskStatus>> statuses(Collection<TaskId> ids);

  /** The user's tasks: running, then waiting in their order, then those that ended and are kept, newest first. */
  default Future<List<TaskStatus>> list(String user) {
    return list(user, Integer.MAX_VALUE);
  }

  /**
   * The same without the older ones of those that ended.
   *
   * @param ended how many that ended there are at most
   */
  Future<List<TaskStatus>> list(String user, int ended);

  /**
   * Cancels a task of this user. A waiting one is {@code cancelled} when this is answered; a running one is marked, and
   * whoever runs it stops it. Refused with {@code UNKNOWN_TASK} when it is not this user's.
   */
  Future<Cancelled> cancel(TaskId id, String user);

  /** Cancels a task of this user if it waits; one that runs goes on and is answered as it is. */
  Future<Cancelled> withdraw(TaskId id, String user);

  /** Forgets those of these tasks that are this user's and have ended, as if they had never been. */
  Future<Void> forget(String user, Collection<TaskId> ids);

  /**
   * The requests of those of these tasks that are this user's; of ended ones as far as there was room to keep them. A
   * request of a task that was submitted to an older Anteroom may hold secrets.
   *
   * @param room how many bytes they may have together when they are read; one that does not fit any more is left out
   */
  Future<Map<TaskId, String>> listBodies(String user, Collection<TaskId> ids, long room);

  /**
   * Takes the next task for this owner: a place of the limit, a slot of an instance, a lease and a new fence in one
   * step. Empty when the limit is reached, or nobody who waits may start at an instance that this node lists.
   */
  Future<Optional<Claim>> claim(String owner);

  /**
   * The request of a claimed task, which must be {@link Claim#isSendable}. Fails with an {@link
   * UnreadableRequestException} when it cannot be read here; so may its later parts, when they were changed.
   */
  Future<RunRequest> open(Claim claim);

  /** Straight before the POST: renews the lease. False when the claim is not valid any more; then send nothing. */
  Future<Boolean> beginSubmit(Claim claim);

  /** The instance has it: it runs, and its time counts from now. False when the claim is not valid any more. */
  Future<Boolean> markAccepted(Claim claim);

  /**
   * It was accepted, waited in its instance's own queue and runs now, so its time counts from now. False when the claim
   * is not valid any more.
   */
  Future<Boolean> began(Claim claim);

  /** Renews the leases of all these claims; answers which of them stopped being ours, and which are to be cancelled. */
  Future<Renewal> renew(Collection<Claim> claims);

  /**
   * Ends a task and, in the same step, takes the next one for the same owner when {@code next}. One that its instance
   * refused is rejected while it can be: it leaves no trace but the answer to its submitter.
   * Changes nothing when the claim is not valid any more, but may take a next one even so.
   */
  Future<Ending> finish(Claim claim, Outcome outcome, boolean next);

  /**
   * Gives the task back to the head of its user's list, and counts the fault of its instance: from the second in a row
   * on the instance gets no tasks for a while. When the instance refused the task before and has run others to their
   * end since then, the fault is the task's own, and not held against the instance.
   *
   * @param maxAttempts after so many faults of its own a task fails
   */
  Future<AfterFault> fault(Claim claim, InstanceFault fault, int maxAttempts);

  /**
   * The task's run is proven gone: counts one more attempt in the same place, and the fault of its instance. When that
   * gives the instance a pause, the task goes back to the head of its user's list.
   *
   * @param reason an {@link InstanceOutage} as it is stored
   */
  Future<Retry> reattempt(Claim claim, String reason);

  /** Hands all these running tasks over: whoever looks next may adopt them. Used when a node stops in good order. */
  Future<Void> handOver(Collection<Claim> claims);

  /** Takes over the watch of up to {@code most} tasks whose lease has ended. Frees nothing: their places stay taken. */
  Future<List<Claim>> adopt(String owner, int most);

  /**
   * Ends the leases of all tasks whose owners are gone, so that they may be adopted at once; answers how many there
   * were. Said of an owner who lives, it does no harm: his tasks may change hands, and his fences are outdated then.
   *
   * @param gone with what the names of those owners begin: the whole name of one, or what all lives of a node share
   * @param asks this owner; what is his stays his
   */
  Future<Integer> expireLeases(String gone, String asks);

  /**
   * The tasks of this owner apart from those that it watches: their claims took effect, but nobody heard of it. To be
   * asked only while no answer that could bring a claim is awaited.
   */
  Future<List<Claim>> recoverClaims(String owner, Collection<TaskId> watched);

  /**
   * Says how an instance is. While every instance of a pool is out, its users wait uncounted and are told why.
   *
   * @param reason an {@link InstanceOutage} as it is stored; empty when it is not out
   */
  Future<News> setInstanceState(String instance, InstanceState state, String reason);

  /** The same of one that was seen at this address; it changes nothing when another is in force. */
  default Future<News> setInstanceState(String instance, String address, InstanceState state, String reason) {
    return setInstanceState(instance, state, reason);
  }

  /** How each instance is that is configured, or drains. */
  Future<List<Condition>> conditions();

  /**
   * Ends the tasks whose instances have been out for so long: those that wait fail, those that process at one that does
   * not answer are lost, and such an instance is fenced off. Answers some of those that ended; the next call ends more.
   */
  Future<List<TaskStatus>> giveUp(Duration patience);

  /**
   * Tells the store which limits the settings of this node give and which instances it lists; answers what is in force.
   * Where nodes differ, that is what was brought in last by a node that started or was changed; what another one tells
   * changes nothing. From now on this node is given no task of an instance that it does not list. Refused when the
   * store's data are in a format that this Anteroom does not know; nothing is claimed or submitted by it then.
   */
  Future<EffectiveConfig> configure(QueueConfig configuration);

  /** What is in force. */
  Future<EffectiveConfig> effectiveConfiguration();

  /**
   * Whether the store holds what runs at the instances, and what is to be read of them otherwise. Of several nodes that
   * offer to read, one at a time is asked to; nothing is claimed before it has told what it found.
   */
  Future<Recovery> nextRecovery(String owner);

  /**
   * Takes what was found at the instances and ends the recovery. Tasks that the store has otherwise than they were
   * found are adoptable at once, even above the limit. Instances that did not answer get none until they were read.
   *
   * @param generation of which life of the store these are the readings; of another one they count for nothing
   */
  Future<Recovery.Result> recover(String generation, Collection<Reading> readings);

  /**
   * Which life of the store this is, another after each start, each failover, and after it was emptied; empty until its
   * recovery is over.
   */
  Future<Optional<String>> generation();

  /** Ends those of these tasks as {@code lost} that were acknowledged but are not known any more; answers which. */
  Future<List<TaskId>> markLost(Map<TaskId, String> usersOfTasks);

  /** The figures of the whole queue at this moment. */
  Future<Stats> stats();

  /**
   * What is sent to an instance.
   *
   * @param body    all up to the attempt
   * @param secrets how it ends with its user's secrets; empty without any
   */
  record RunRequest(Payload body, String secrets) {
  }

  /**
   * What {@link #cancel} or {@link #withdraw} came to.
   *
   * @param first whether this call changed anything: neither a repeated one nor one that lets a run go on does
   */
  record Cancelled(TaskStatus task, boolean first) {
  }

  /**
   * What {@link #finish} did.
   *
   * @param stands   whether the task has this end now; not when somebody else watches it, who alone may end it
   * @param rejected whether this end is the answer to its submitter, and nothing else is left of it
   * @param next     the task to run in its place
   */
  record Ending(boolean stands, boolean rejected, Optional<Claim> next) {
  }

  /** What {@link #fault} did. */
  enum AfterFault {
    /** The task waits, unless the claim does not hold any more. */
    WAITS,
    /** It waits, and its instance gets no tasks for a while. */
    PAUSED,
    /** The task has failed. */
    FAILED
  }

  /** What {@link #reattempt} did. */
  enum Retry {
    /** The claim does not hold any more. */
    NOT_OURS,
    /** The next attempt may be sent, in the same place. */
    IN_PLACE,
    /** The task waits, and the claim is over. */
    WAITS
  }

  /**
   * How an instance is, and its circuit.
   *
   * @param state  up, trial, down, ill, fenced or draining
   * @param outage why it gets no tasks or one at a time, and since when
   * @param faults tasks that came to harm there in a row
   */
  record Condition(String instance, String state, Optional<InstanceOutage> outage, int faults, int running) {
    /** Whether it has left the list, and tasks still run there. */
    public boolean isDraining() {
      return state.equals("draining");
    }
  }

  /** What {@link #renew} found. */
  record Renewal(List<TaskId> lost, List<TaskId> cancelled) {
  }

  /** What came of a word about an instance. */
  enum News {
    /** It was known already. */
    KNOWN,
    /** It changes what the instance is given. */
    CHANGED,
    /** The instance answers, and stays out all the same: after faults for a pause, after a fence until it is idle. */
    NOT_YET
  }

  /** Whether an instance may be given tasks. */
  enum InstanceState {
    /** It answers. Does not lift a fence. */
    UP,
    /** It answers and has nothing to do: up, and no longer fenced off. */
    IDLE,
    /** A run there tells its progress, whether or not the instance answers: it is not silent. */
    HEARD,
    /** It does not answer, or not as ComfyUI does. */
    DOWN,
    /** It would not stop a task that had to end: it gets no other until it was seen idle. */
    FENCED
  }

  /**
   * Counts of the whole lab.
   *
   * @param waiting tasks that wait and have a position
   * @param blocked those that wait without one
   * @param users   users with a task that waits or processes
   * @param bytes   what the requests of all tasks that have not ended take, as they are stored
   * @param totals  how often what happened, ever since the store began
   */
  record Stats(int limit, int processing, int waiting, int blocked, int users, Duration oldestWaiting,
      int instancesOut, long bytes, Map<Total, Long> totals) {
  }

  /**
   * What may happen to tasks. Whoever was submitted and not rejected waits, processes or has come to one of the ends.
   */
  enum Total {
    SUBMITTED, REJECTED,
    /** An instance took one; one that goes back into the queue may start again. */
    STARTED,
    COMPLETED, FAILED, CANCELLED, TIMED_OUT, LOST;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
