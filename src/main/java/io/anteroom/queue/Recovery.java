package io.anteroom.queue;

import io.anteroom.task.TaskId;
import java.util.List;
import java.util.Map;

/**
 * Whether what the store holds agrees with what runs at the instances. When the store came back, it may be older than
 * that, or empty: nothing is claimed until the instances were read.
 *
 * @param generation which life of the store this is; another one after each start and each failover
 * @param ended      when it was over, by the store's clock; empty until the instances were read
 * @param unread     the instances that the asker is to read now; none when another node was asked to
 */
public record Recovery(String generation, String ended, List<String> unread) {

  /** Whether the instances were read in this life. */
  public boolean over() {
    return !ended.isEmpty();
  }

  /**
   * What came of readings.
   *
   * @param counted whether they counted; they do not when the store has come back once more meanwhile
   * @param again   the tasks that are processing again, or elsewhere than the store had them
   * @param doubles by instance, what waits there though it has ended or is further elsewhere: to be taken out there
   */
  public record Result(boolean counted, List<TaskId> again, Map<String, List<TaskId>> doubles) {
  }

  /**
   * What one instance was found to have of ours, when it was asked itself.
   *
   * @param answered whether it could be asked; if not, nothing is known
   */
  public record Reading(String instance, boolean answered, List<Found> found) {

    /** An instance that could not be asked. */
    public static Reading silent(String instance) {
      return new Reading(instance, false, List.of());
    }

    /** Where a task stands at its instance. */
    public enum Place { RUNNING, PENDING, ENDED }

    /**
     * A task of ours.
     *
     * @param user     whose it seems to be, for a store that does not know it
     * @param clientId the browser tab that hears of its progress
     */
    public record Found(TaskId id, Place place, String user, String clientId, int attempt) {
      /** Stands for whoever it was; nobody has this name. It counts against the limit all the same. */
      public static final String UNKNOWN_USER = "?";
    }
  }
}
