package io.anteroom.cli;

import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.config.Settings;
import io.anteroom.directory.UserName;
import io.anteroom.node.Launcher;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisSignInStore;
import io.anteroom.redis.embedded.RedisBackend;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code revoke}: signs users out everywhere. */
@Command(name = "revoke", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Signs users out on every device: open pages are disconnected within seconds, and tokens that the"
    + " teaching system has issued so far become invalid. Their tasks continue.")
public final class RevokeCommand implements Callable<Integer> {
  /** A JVM that has just started on a busy machine takes seconds to connect. */
  private static final int TIMEOUT_SECONDS = 30;

  @Spec
  private CommandSpec spec;

  @Mixin
  private final CommonOptions settings;

  @Parameters(paramLabel = "USER", arity = "1..*", description = "User names as in users.file.")
  private List<String> users;

  public RevokeCommand(CommonOptions settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    Settings now = settings.load().settings();
    RedisEndpoint redis = RedisBackend.inUse(now);
    Vertx vertx = Vertx.vertx();
    RedisSignInStore signIns = new RedisSignInStore(vertx, redis, Duration.ofSeconds(TIMEOUT_SECONDS));
    try {
      for (String user : users) {
        Launcher.await(signIns.revoke(UserName.folded(user)), TIMEOUT_SECONDS);
        spec.commandLine().getOut().printf("%s is signed out everywhere.%n", user);
      }
    } finally {
      Launcher.await(signIns.close().eventually(vertx::close), TIMEOUT_SECONDS);
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }
}
