package io.anteroom.api;

import io.anteroom.comfy.PromptBody;
import io.anteroom.task.TaskId;

/**
 * A workflow that was looked over and may be queued.
 *
 * @param front whether its user wants it before his own waiting ones
 * @param graph the same workflow, to be judged
 */
record Run(TaskId id, String clientId, boolean front, PromptBody body, Graph graph) {
}
