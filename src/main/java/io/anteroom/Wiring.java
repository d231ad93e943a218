package io.anteroom;

import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Directory;
import io.anteroom.config.DirectoryFiles;
import io.anteroom.config.FileWatch;
import io.anteroom.config.Settings;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what a command asks for, in the order in which one part needs another; blocks until it runs. */
final class Wiring {
  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  /** Three JVMs that start at once on a busy machine take a while to find one another. */
  private static final long START_SECONDS = 90;

  /** What runs is handed over within this; a supervisor that kills after 30 s never has to. */
  private static final long STOP_SECONDS = 25;

  private Wiring() {
  }

  /** {@code start}: one node of a lab. */
  static void node(ConfigLoader.Loaded loaded) {
    loaded.lines().forEach(line -> log.info("Setting: {}", line));
    Lifetime lifetime = Lifetime.ofProcess();
    Settings settings = loaded.settings();
    FileWatch<Directory> directory = DirectoryFiles.watch(settings.files());
    directory.start(FileWatch.INTERVAL);
    lifetime.atEnd("directory", directory::close);
    start(settings, directory, lifetime);
    log.info("Ready: node={} students=http://{}:{}/u/<name>/ admin=http://{}:{}", settings.node(),
      settings.http().host(), settings.http().port(), settings.http().adminHost(), settings.http().adminPort());
  }

  /** {@code demo}: a node, its students and their instances, all in this process. */
  static void demo(ConfigLoader.Loaded loaded) {
    Lifetime lifetime = Lifetime.ofProcess();
    DemoLab lab = DemoLab.open(loaded.settings(), lifetime);
    start(lab.settings(), lab::directory, lifetime);
    lab.welcome();
  }

  private static void start(Settings settings, Supplier<Directory> directory, Lifetime lifetime) {
    try {
      Store store = Store.open(settings);
      lifetime.atEnd("store", store::close);
      Node node = await(Node.join(settings, store.access(), directory), START_SECONDS);
      lifetime.atEnd("cluster", () -> await(node.leave(), STOP_SECONDS));
      lifetime.atEnd("node", () -> await(node.stop(), STOP_SECONDS));
      await(node.start(), START_SECONDS);
    } catch (RuntimeException failure) {
      log.debug("The start failed", failure);
      lifetime.end();
      throw failure instanceof CouldNotStart ? failure : new CouldNotStart(failure.getMessage(), failure);
    }
  }

  /** For the main thread and the shutdown hook, which may block. */
  static <T> T await(Future<T> future, long seconds) {
    try {
      return future.await(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new CouldNotStart("it took longer than " + seconds + " s", late);
    }
  }
}
