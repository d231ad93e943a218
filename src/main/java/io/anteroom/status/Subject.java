package io.anteroom.status;

import io.anteroom.task.TaskId;
import java.util.Optional;

/**
 * What somebody wants to know about.
 *
 * @param user whose question it is; others' tasks do not exist for him
 * @param task empty: all of the user's tasks
 */
record Subject(String user, Optional<TaskId> task) {
}
