package io.anteroom.comfy;

import io.anteroom.task.TaskId;

/** A run that Anteroom sent, as it was found at an instance by the mark that it carries. */
public record Ours(TaskId id, Place place, String clientId, int attempt) {

  /** In the order in which a run comes through them, but for the first two. */
  public enum Place { RUNNING, PENDING, ENDED }
}
