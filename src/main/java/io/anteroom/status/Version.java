package io.anteroom.status;

import io.anteroom.task.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tells two pictures of tasks apart.
 *
 * <p>An estimate is not part of it. It is each node's own guess from what that node has seen: a page that is served by
 * two nodes in turn would be told of a change each time that it asks, and ask again without a pause.
 */
final class Version {
  private Version() {
  }

  /** The same for the same picture on every node. */
  static String of(List<TaskStatus> tasks) {
    String picture = tasks.stream().map(Version::visible).collect(Collectors.joining("\n"));
    return UUID.nameUUIDFromBytes(picture.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** What ended tasks made is left out: it never changes, and may be large. */
  private static String visible(TaskStatus task) {
    return List.of(task.id(), task.state(), task.position(), task.blocked(), task.instance(), task.attempts(),
      task.times(), task.progress(), task.error().map(error -> error.type() + error.message())).toString();
  }
}
