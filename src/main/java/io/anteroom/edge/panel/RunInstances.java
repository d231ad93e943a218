package io.anteroom.edge.panel;

import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.edge.panel.UserTasks.OwnTasks;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.anteroom.task.TaskStatus;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the instances of a student's runs: the one whose page it is, and those of its pool that ran some. */
final class RunInstances {
  private static final int MAX_INSTANCES = 16;

  private final Supplier<Directory> directory;

  RunInstances(Supplier<Directory> directory) {
    this.directory = directory;
  }

  List<Instance> of(RequestContext context, OwnTasks own) {
    return Stream.concat(Stream.of(context.home()), own.ended().stream().map(task -> of(context, task)))
      .distinct()
      .limit(MAX_INSTANCES)
      .toList();
  }

  /** Where this task runs or ran; the home instance for one that never ran. */
  Instance of(RequestContext context, TaskStatus task) {
    return directory.get().instance(task.instance()).orElse(context.home());
  }
}
