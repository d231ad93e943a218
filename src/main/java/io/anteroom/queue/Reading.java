package io.anteroom.queue;

import io.anteroom.task.TaskId;
import java.util.List;

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
