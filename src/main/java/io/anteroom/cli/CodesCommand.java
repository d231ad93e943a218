package io.anteroom.cli;

import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.config.Settings;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.User;
import io.anteroom.directory.UserName;
import io.anteroom.edge.auth.password.OneTimeCode;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordFile.PasswordLines;
import io.anteroom.edge.auth.password.PasswordHash;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code codes}: gives users one-time codes to print and hand out. */
@Command(name = "codes", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Prints a one-time code for each user who cannot sign in yet, or for those that are named.")
public final class CodesCommand implements Callable<Integer> {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");
  /** What a spreadsheet calculates; those of full width too, for it reads them alike. */
  private static final Pattern FORMULA = Pattern.compile("[=+@＝＋－＠-]");

  @Spec
  private CommandSpec spec;

  @Mixin
  private final CommonOptions settings;

  @Option(names = "--group", paramLabel = "GROUP", description = "Only for this group of users.file.")
  private String group;

  @Parameters(paramLabel = "USER", arity = "0..*",
    description = "For these; what they signed in with before counts no more.")
  private List<String> names = List.of();

  public CodesCommand(CommonOptions settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    Settings now = settings.load().settings();
    PasswordLines lines = PasswordLines.of(now);
    PasswordFile before = PasswordFile.read(lines.file());
    List<User> choice = DirectoryLoader.read(now).users().stream().filter(this::isOfTheGroup).toList();
    List<String> nobodys = names.stream().filter(name -> choice.stream().noneMatch(user -> isCalled(user, name)))
      .toList();
    if (!nobodys.isEmpty()) {
      return refuse(nobodys, now);
    }
    List<User> meant = choice.stream().filter(user -> isMeant(user, before)).toList();
    tellOfColons(meant.stream().map(User::name).filter(Predicate.not(PasswordFile::canHold)).toList());
    give(meant.stream().filter(user -> PasswordFile.canHold(user.name())).toList(), lines);
    return ExitCode.OK;
  }

  private void give(List<User> users, PasswordLines lines) {
    Map<String, String> codes = new LinkedHashMap<>();
    Map<String, String> hashed = new LinkedHashMap<>();
    for (User user : users) {
      String folded = UserName.folded(user.name());
      codes.put(folded, OneTimeCode.random());
      hashed.put(folded, folded + ":code:" + PasswordHash.of(OneTimeCode.plain(codes.get(folded))));
    }
    lines.put(hashed);
    print(users, codes, lines);
  }

  private void tellOfColons(List<String> names) {
    if (!names.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf("No code for %s: a name with a colon, or # at its start, cannot have a password.%n",
        String.join(", ", names));
      err.flush();
    }
  }

  private boolean isOfTheGroup(User user) {
    return group == null || group.equals(user.group());
  }

  private boolean isMeant(User user, PasswordFile before) {
    return names.isEmpty() ? !before.has(user.name()) : names.stream().anyMatch(name -> isCalled(user, name));
  }

  private static boolean isCalled(User user, String name) {
    return UserName.folded(user.name()).equals(UserName.folded(name));
  }

  /** All or nothing: who prints codes for a class has mistyped a name, and begins again. */
  private int refuse(List<String> nobodys, Settings now) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("Nobody %sin %s is called %s; no code was given to anybody.%n",
      group == null ? "" : "of group %s ".formatted(group), now.files().users(), String.join(", ", nobodys));
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private void print(List<User> users, Map<String, String> codes, PasswordLines lines) {
    PrintWriter out = spec.commandLine().getOut();
    users.forEach(user -> out.printf("%-20s %-24s %-12s %s%n", cell(user.name()), cell(user.displayName()),
      cell(user.group()), codes.get(UserName.folded(user.name()))));
    out.printf("%d one-time codes, in %s as hashes. Each works once, at /signin.%n", users.size(), lines.file());
    out.flush();
  }

  /** In one line, and no formula: codes may be laid out for print in a spreadsheet, and names are chosen freely. */
  private static String cell(String text) {
    String line = CONTROL.matcher(text).replaceAll(" ").strip();
    return FORMULA.matcher(line).lookingAt() ? "'" + line : line;
  }
}
