package io.anteroom.dispatch;

import io.anteroom.config.Directory;
import io.anteroom.config.Settings;
import io.anteroom.queue.Configuration;
import io.anteroom.queue.TaskQueue;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Tells the store which instances there are and which limits are set; says it again, for a store can forget. */
final class Inventory {
  private final Settings settings;
  private final Supplier<Directory> directory;
  private final TaskQueue queue;

  Inventory(Settings settings, Supplier<Directory> directory, TaskQueue queue) {
    this.settings = settings;
    this.directory = directory;
    this.queue = queue;
  }

  Future<Void> tell() {
    return queue.configure(new Configuration(
      settings.limit().concurrent(), settings.limit().userRunning(), settings.limit().userWaiting(),
      settings.task().lease(), settings.task().keepEnded(), settings.instances().maxBackoff(),
      directory.get().instances().stream()
        .map(instance -> new Configuration.Room(instance.name(), instance.pool(), instance.slots()))
        .toList()));
  }
}
