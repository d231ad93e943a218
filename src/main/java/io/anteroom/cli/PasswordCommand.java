package io.anteroom.cli;

import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.config.Settings;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordFile.PasswordLines;
import io.anteroom.edge.auth.password.PasswordHash;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code password}: sets a user's password. */
@Command(name = "password", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Sets a user's password. Prompts for it without echo.")
public final class PasswordCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Mixin
  private final CommonOptions settings;

  @Parameters(paramLabel = "USER", description = "User name as in users.file.")
  private String user;

  @Option(names = "--password", arity = "0..1", interactive = true, required = true, paramLabel = "PASSWORD",
    description = "Prompted for if no value follows; others on this machine can see one on the command line.")
  private char[] password;

  public PasswordCommand(CommonOptions settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    Settings now = settings.load().settings();
    String folded = UserName.folded(user);
    if (!UserName.isName(folded) || !PasswordFile.canHold(folded) || isInvalidPassword()) {
      throw new ParameterException(spec.commandLine(),
        "expected a user name without a colon, and a password of %d to %d characters"
          .formatted(PasswordHash.MIN_LENGTH, PasswordHash.MAX_LENGTH));
    }
    PasswordLines lines = PasswordLines.of(now);
    lines.put(Map.of(folded, folded + ":" + PasswordHash.of(String.valueOf(password))));
    spec.commandLine().getOut().printf("Password of %s set in %s.%n", folded, lines.file());
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private boolean isInvalidPassword() {
    return password.length < PasswordHash.MIN_LENGTH || password.length > PasswordHash.MAX_LENGTH;
  }
}
