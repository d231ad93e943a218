package io.anteroom.queue;

import io.anteroom.task.TaskId;

/**
 * A task on its way into the queue.
 *
 * @param pool     the instances that may run it
 * @param front    ahead of this user's own waiting tasks
 * @param clientId the browser tab that is to hear of its progress
 * @param body     the request for ComfyUI, already checked and repaired; see {@code comfy.PromptBody}
 * @param secrets  how the request ends with its user's secrets, which are deleted at the task's end; empty without any
 */
public record Submission(
    TaskId id, String user, String pool, boolean front, String clientId, String body,
    String secrets) {
}
