package io.anteroom.directory;

import io.anteroom.config.OptionType;
import io.anteroom.config.OptionTypes;
import io.anteroom.config.Settings;
import io.anteroom.config.files.FileWatcher;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.config.files.SpellingSuggestion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code users.csv} and {@code instances.csv}, and reports all errors in them at once. */
public final class DirectoryLoader {
  private static final List<String> INSTANCE_COLUMNS = List.of("instance", "url", "pool", "slots");
  private static final List<String> USER_COLUMNS = List.of("username", "display_name", "group", "role", "instance");
  private static final String NAME = "letters, digits and . _ @ -, 64 at most";
  private static final OptionType<Integer> SLOTS = OptionTypes.number(1, 1000);
  private static final OptionType<User.Role> ROLE = OptionTypes.oneOf(User.Role.class);

  private final InstanceAddressPolicy addresses;
  private final List<String> complaints = new ArrayList<>();
  /** Where each name of an instance or user, and each URL, was first used. */
  private final Map<String, String> seen = new HashMap<>();
  private final Set<String> homes = new HashSet<>();

  private DirectoryLoader(InstanceAddressPolicy addresses) {
    this.addresses = addresses;
  }

  /**
   * Reads both files, and again after every change.
   *
   * @throws InvalidSettingsException with all errors, if there are any
   */
  public static FileWatcher<Directory> watch(Settings settings) {
    return watch(settings.files(), InstanceAddressPolicy.of(settings));
  }

  public static FileWatcher<Directory> watch(Settings.Files files, InstanceAddressPolicy addresses) {
    return new FileWatcher<>("users and instances", List.of(files.users(), files.instances()),
      () -> read(files, addresses));
  }

  /**
   * Reads both files. Blocking.
   *
   * @throws InvalidSettingsException with all errors, if there are any
   */
  public static Directory read(Settings settings) {
    return read(settings.files(), InstanceAddressPolicy.of(settings));
  }

  public static Directory read(Settings.Files files, InstanceAddressPolicy addresses) {
    return new DirectoryLoader(addresses).directory(files);
  }

  private Directory directory(Settings.Files files) {
    List<Instance> instances = new CsvReader(files.instances(), INSTANCE_COLUMNS, complaints).read(this::instance);
    boolean instancesAreValid = complaints.isEmpty();
    instances.stream().flatMap(one -> Stream.of(one.name(), one.pool())).forEach(homes::add);
    checkPoolNames(instances);
    List<User> users = new CsvReader(files.users(), USER_COLUMNS, complaints)
      .read(row -> user(row, instancesAreValid));
    if (!complaints.isEmpty()) {
      throw new InvalidSettingsException(complaints);
    }
    return new Directory(users, instances, files.newcomers());
  }

  private Optional<Instance> instance(CsvReader.Row row) {
    String name = row.get("instance");
    String pool = row.get("pool").isEmpty() ? name : row.get("pool");
    String slots = row.get("slots").isEmpty() ? "1" : row.get("slots");
    Optional<URI> url = url(row.get("url"));
    int before = complaints.size();
    check(row, Instance.isName(name), "instance: invalid value '%s': expected %s".formatted(name, NAME));
    check(row, Instance.isName(pool), "pool: invalid value '%s': expected %s, or nothing".formatted(pool, NAME));
    check(row, SLOTS.read(slots).isPresent(),
      "slots: invalid value '%s': expected %s, or nothing for 1".formatted(slots, SLOTS.expected()));
    check(row, url.isPresent(), ("url: invalid value '%s': expected http://host:port or https://host:port, without a"
      + " user").formatted(withoutUser(row.get("url"))));
    url.flatMap(addresses::objection).ifPresent(why -> row.complain(
      "url: invalid value '%s': it %s; expected the address of a ComfyUI".formatted(row.get("url"), why)));
    once(row, "instance", name);
    url.ifPresent(address -> once(row, "url", address.toString()));
    return complaints.size() > before ? Optional.empty()
      : Optional.of(new Instance(name, url.orElseThrow(), pool, SLOTS.read(slots).orElseThrow()));
  }

  private Optional<User> user(CsvReader.Row row, boolean instancesAreValid) {
    String name = UserName.preserved(row.get("username"));
    String home = row.get("instance");
    String role = row.get("role").isEmpty() ? User.Role.STUDENT.word() : row.get("role");
    int before = complaints.size();
    UserName.objection(name).ifPresent(why -> row.complain(
      "username: invalid value '%s': %s".formatted(UserName.shown(name), why.english())));
    check(row, ROLE.read(role).isPresent(), "role: invalid value '%s': expected %s".formatted(role, ROLE.expected()));
    // Invalid instances would make every user of theirs an error as well.
    check(row, !instancesAreValid || homes.contains(home) || mayHaveNone(role, home),
      "instance: invalid value '%s': expected the name of an instance or a pool%s".formatted(home, nearest(home)));
    once(row, "username", UserName.folded(name));
    String display = row.get("display_name").isEmpty() ? name : row.get("display_name");
    return complaints.size() > before ? Optional.empty()
      : Optional.of(new User(name, display, row.get("group"), ROLE.read(role).orElseThrow(), home));
  }

  private static void check(CsvReader.Row row, boolean isValid, String complaint) {
    if (!isValid) {
      row.complain(complaint);
    }
  }

  private void once(CsvReader.Row row, String column, String value) {
    String before = seen.putIfAbsent(column + " " + value, row.place());
    check(row, before == null, "%s: duplicate value '%s', first used at %s".formatted(column, value, before));
  }

  /** Otherwise a user's {@code instance} would be ambiguous. */
  private void checkPoolNames(List<Instance> instances) {
    Set<String> elsewhere = instances.stream().filter(one -> !one.name().equals(one.pool()))
      .map(Instance::name).collect(Collectors.toSet());
    instances.stream().filter(one -> elsewhere.contains(one.pool()))
      .forEach(one -> complaints.add(
        "pool '%s' of instance '%s' has the name of an instance that is not in it; expected another name"
          .formatted(one.pool(), one.name())));
  }

  /** Teachers and admins need no instance. */
  private static boolean mayHaveNone(String role, String home) {
    return home.isEmpty() && ROLE.read(role).filter(known -> known != User.Role.STUDENT).isPresent();
  }

  private String nearest(String home) {
    return homes.isEmpty() || home.isEmpty() ? ""
      : "; did you mean %s?".formatted(SpellingSuggestion.nearest(home, homes));
  }

  private static Optional<URI> url(String text) {
    try {
      return Optional.of(new URI(text.replaceFirst("/+$", ""))).filter(Settings::isInstanceUrl);
    } catch (URISyntaxException impossible) {
      return Optional.empty();
    }
  }

  private static String withoutUser(String url) {
    return url.replaceFirst("//.*@", "//***@");
  }
}
