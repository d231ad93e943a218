package io.anteroom.edge.panel;

import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.Visit;
import io.anteroom.task.TaskStatus;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The instances on which a student's runs are found: the one whose page it is, and those of its pool that ran some. */
final class RunInstances {
  private static final int MOST = 16;

  private final Supplier<Directory> directory;

  RunInstances(Supplier<Directory> directory) {
    this.directory = directory;
  }

  List<Instance> of(Visit visit, OwnTasks own) {
    return Stream.concat(Stream.of(visit.home()), own.ended().stream().map(task -> of(visit, task)))
      .distinct()
      .limit(MOST)
      .toList();
  }

  /** Where this task runs or ran; home for one that never ran. */
  Instance of(Visit visit, TaskStatus task) {
    return directory.get().instance(task.instance()).orElse(visit.home());
  }
}
