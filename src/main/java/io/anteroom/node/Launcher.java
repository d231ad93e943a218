package io.anteroom.node;

import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.doctor.Preflight;
import io.anteroom.edge.auth.password.FirstAdminSetup;
import io.anteroom.redis.embedded.RedisBackend;
import io.vertx.core.Future;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a node or the demo, in the order of dependencies; blocks until it runs. */
public final class Launcher {
  private static final Logger log = LoggerFactory.getLogger(Launcher.class);

  /** Three JVMs that start at once on a busy machine take a while to form a cluster. */
  private static final long START_SECONDS = 90;

  /** Graceful shutdown takes less; below the 30 s after which supervisors usually kill. */
  private static final long STOP_SECONDS = 25;

  private Launcher() {
  }

  /** {@code start}: one node of a lab. */
  public static void node(ConfigLoader.Loaded loaded) {
    loaded.lines().forEach(line -> log.info("Setting: {}", line));
    ShutdownSequence shutdown = ShutdownSequence.ofProcess();
    Settings settings = loaded.settings();
    Node node = start(settings, ReloadableFiles.files(settings, shutdown), shutdown);
    if (node.objection().isPresent()) {
      return;
    }
    await(node.firstAdmin(), START_SECONDS).ifPresent(Launcher::welcome);
    Settings.Http http = settings.http();
    log.info("Ready: node={} students={}/u/<name>/ admin={}", settings.node(),
      address(http.tls().isPresent(), http.host(), http.port()),
      address(http.adminTls().isPresent(), http.adminHost(), http.adminPort()));
  }

  private static String address(boolean tls, String host, int port) {
    return "%s://%s:%d".formatted(tls ? "https" : "http", host, port);
  }

  /** {@code demo}: a node with students and simulated instances, all in this process. */
  public static void demo(ConfigLoader.Loaded loaded) {
    ShutdownSequence shutdown = ShutdownSequence.ofProcess();
    DemoLab lab = DemoLab.open(loaded.settings(), shutdown);
    start(lab.settings(), ReloadableFiles.only(lab::directory), shutdown);
    lab.welcome();
  }

  private static Node start(Settings settings, ReloadableFiles files, ShutdownSequence shutdown) {
    try {
      List<String> failures = new Preflight(settings).failures();
      if (!failures.isEmpty()) {
        throw new CouldNotStart(String.join(System.lineSeparator(), failures), null);
      }
      RedisBackend store = RedisBackend.open(settings);
      shutdown.atEnd("store", store::close);
      Node node = await(Node.join(settings, store.access(), files), START_SECONDS);
      shutdown.atEnd("cluster", () -> await(node.leave(), STOP_SECONDS));
      shutdown.atEnd("node", () -> await(node.stop(), STOP_SECONDS));
      await(node.start(), START_SECONDS);
      return node;
    } catch (RuntimeException failure) {
      log.debug("Start failed", failure);
      shutdown.end();
      throw failure instanceof CouldNotStart ? failure : new CouldNotStart(failure.getMessage(), failure);
    }
  }

  /** Only on the console, not in the log, which may be kept and read by many. */
  private static void welcome(FirstAdminSetup.FirstCode first) {
    System.out.printf("%n  No admin can sign in yet. Sign in at /signin as %s with the one-time code  %s%n"
      + "  还没有管理员可以登录。请在 /signin 以 %s 的身份用上面的一次性代码登录。%n%n", first.user(), first.code(),
      first.user());
  }

  /** For the main thread and the shutdown hook, which may block. */
  public static <T> T await(Future<T> future, long seconds) {
    try {
      return future.await(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new CouldNotStart("timed out after " + seconds + " s", late);
    }
  }

  /** Something outside of Anteroom prevents the start; the message says what, and how to fix it. */
  public static final class CouldNotStart extends RuntimeException {
    public CouldNotStart(String message, Throwable cause) {
      super(message, cause);
    }

    /** The same failure, or one that names the ports if they cannot be bound. */
    public static Throwable naming(String ports, Throwable failure) {
      return failure instanceof BindException
        ? new CouldNotStart("cannot listen on %s (%s): is the port in use? Choose another"
          .formatted(ports, failure.getMessage()), failure)
        : failure;
    }
  }
}
