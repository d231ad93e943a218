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

/** {@code codes}: creates one-time codes to print and hand out to users. */
@Command(name = "codes", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Prints a one-time code for each user who cannot sign in yet, or for the given users.")
public final class CodesCommand implements Callable<Integer> {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");
  /** What a spreadsheet takes for the start of a formula (CSV injection); full-width forms count too. */
  private static final Pattern FORMULA = Pattern.compile("[=+@＝＋－＠-]");

  @Spec
  private CommandSpec spec;

  @Mixin
  private final CommonOptions settings;

  @Option(names = "--group", paramLabel = "GROUP", description = "Only for this group of users.file.")
  private String group;

  @Parameters(paramLabel = "USER", arity = "0..*",
    description = "Users to create codes for; their former passwords and codes no longer work.")
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
    List<String> unknown = names.stream().filter(name -> choice.stream().noneMatch(user -> isCalled(user, name)))
      .toList();
    if (!unknown.isEmpty()) {
      return refuse(unknown, now);
    }
    List<User> selected = choice.stream().filter(user -> isSelected(user, before)).toList();
    warnOfColons(selected.stream().map(User::name).filter(Predicate.not(PasswordFile::canHold)).toList());
    give(selected.stream().filter(user -> PasswordFile.canHold(user.name())).toList(), lines);
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

  private void warnOfColons(List<String> names) {
    if (!names.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf("No code for %s: a name that contains a colon or starts with # cannot have a password.%n",
        String.join(", ", names));
      err.flush();
    }
  }

  private boolean isOfTheGroup(User user) {
    return group == null || group.equals(user.group());
  }

  private boolean isSelected(User user, PasswordFile before) {
    return names.isEmpty() ? !before.has(user.name()) : names.stream().anyMatch(name -> isCalled(user, name));
  }

  private static boolean isCalled(User user, String name) {
    return UserName.folded(user.name()).equals(UserName.folded(name));
  }

  /** All or nothing: after a mistyped name the command for the class is run again. */
  private int refuse(List<String> unknown, Settings now) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("No such user in %s%s: %s; no code was created.%n", now.files().users(),
      group == null ? "" : ", group %s".formatted(group), String.join(", ", unknown));
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private void print(List<User> users, Map<String, String> codes, PasswordLines lines) {
    PrintWriter out = spec.commandLine().getOut();
    users.forEach(user -> out.printf("%-20s %-24s %-12s %s%n", cell(user.name()), cell(user.displayName()),
      cell(user.group()), codes.get(UserName.folded(user.name()))));
    out.printf("%d one-time codes, stored in %s as hashes. Each works once, at /signin.%n", users.size(), lines.file());
    out.flush();
  }

  /** On one line and never a formula (CSV injection): codes may be put into a spreadsheet, and names are free text. */
  private static String cell(String text) {
    String line = CONTROL.matcher(text).replaceAll(" ").strip();
    return FORMULA.matcher(line).lookingAt() ? "'" + line : line;
  }
}
