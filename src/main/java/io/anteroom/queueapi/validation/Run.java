package io.anteroom.queueapi.validation;

import io.anteroom.queue.Payload;
import io.anteroom.task.TaskId;
import java.util.Optional;

/**
 * A workflow that was looked over and may be queued.
 *
 * @param front   whether its user wants it before his own waiting ones
 * @param payload the request for ComfyUI up to the attempt, see {@link io.anteroom.comfy.PromptBody}
 * @param secrets how the request ends with its user's secrets; empty without any
 * @param graph   the same workflow, to be judged; empty when it is too large for that
 */
public record Run(TaskId id, String clientId, boolean front, Payload payload, String secrets, Optional<Graph> graph) {
}
