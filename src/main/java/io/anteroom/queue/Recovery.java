package io.anteroom.queue;

import io.anteroom.task.TaskId;
import java.util.List;
import java.util.Map;

/**
 * Whether the store was reconciled with what runs at the instances. A store that has restarted or failed over may be
 * older than that, or empty: nothing is claimed until the instances were read.
 *
 * @param generation identifies one run of the store; another one after each start and each failover
 * @param ended      when the recovery ended, by the store's clock; empty until the instances were read
 * @param unread     the instances that this node has to read now; none when another node reads them
 */
public record Recovery(String generation, String ended, List<String> unread) {

  /** Whether the instances were read in this generation. */
  public boolean over() {
    return !ended.isEmpty();
  }

  /**
   * The result of readings.
   *
   * @param counted whether they were used; false when the store has restarted once more meanwhile
   * @param again   the tasks that are processing again, or at another instance than the store had them
   * @param doubles by instance, tasks that wait there although they have ended or got further elsewhere: to be deleted
   *                from its queue
   */
  public record Result(boolean counted, List<TaskId> again, Map<String, List<TaskId>> doubles) {
  }

  /**
   * The tasks of Anteroom that one instance has in its own queue and history.
   *
   * @param answered whether it could be read; if not, nothing is known
   */
  public record Reading(String instance, boolean answered, List<Found> found) {

    /** An instance that could not be read. */
    public static Reading silent(String instance) {
      return new Reading(instance, false, List.of());
    }

    /** Where a task stands at its instance. */
    public enum Place { RUNNING, PENDING, ENDED }

    /**
     * A task of Anteroom.
     *
     * @param user     the likely owner, for a store that does not know the task
     * @param clientId the browser tab that gets its progress
     */
    public record Found(TaskId id, Place place, String user, String clientId, int attempt) {
      /** Stands for an unknown user; no user can have this name. The task counts against the limit all the same. */
      public static final String UNKNOWN_USER = "?";
    }
  }
}
