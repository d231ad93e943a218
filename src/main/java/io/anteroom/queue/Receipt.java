package io.anteroom.queue;

import io.anteroom.task.TaskStatus;

/**
 * What became of a submit.
 *
 * @param repeated  whether this very task was there already
 * @param startable whether it is worth looking at once: a place and a slot are free for some waiting task, or it is the
 *                  next to start
 */
public record Receipt(TaskStatus status, boolean repeated, boolean startable) {
}
