package io.anteroom.directory;

import java.text.CollationKey;
import java.text.Collator;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The users and instances of the two CSV files, as of one moment. */
public final class Directory {
  private final Map<String, User> users;
  private final Map<String, User> folded;
  private final Map<String, Instance> instances;
  private final Map<String, List<Instance>> pools;
  private final Map<String, Long> usersOfPools;
  private final Optional<String> newcomers;
  private final List<User> roll;
  /** Instances that the files no longer list, but that are still known. */
  private final Map<String, Instance> unlisted;

  /** These users only. */
  public Directory(Collection<User> users, Collection<Instance> instances) {
    this(users, instances, Optional.empty());
  }

  /** @param newcomers the instance or pool of users who are not listed */
  public Directory(Collection<User> users, Collection<Instance> instances, Optional<String> newcomers) {
    this.newcomers = newcomers;
    this.users = byName(users, User::name);
    this.folded = byName(users, user -> UserName.folded(user.name()));
    this.instances = byName(instances, Instance::name);
    this.pools = instances.stream().collect(Collectors.groupingBy(Instance::pool));
    this.usersOfPools = users.stream().flatMap(user -> pool(user).stream())
      .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    this.roll = Roll.of(users.stream().filter(user -> home(user).isPresent()));
    this.unlisted = Map.of();
  }

  private Directory(Directory files, Collection<Instance> unlisted) {
    this.users = files.users;
    this.folded = files.folded;
    this.instances = files.instances;
    this.pools = files.pools;
    this.usersOfPools = files.usersOfPools;
    this.newcomers = files.newcomers;
    this.roll = files.roll;
    this.unlisted = byName(unlisted, Instance::name);
  }

  /** The same, which also finds these instances for runs that continue there; they are no home instance of any user. */
  public Directory knowing(Collection<Instance> others) {
    return new Directory(this, others.stream().filter(other -> !instances.containsKey(other.name())).toList());
  }

  /**
   * The user listed under exactly this spelling: without authentication, a similar spelling must not match.
   */
  public Optional<User> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** The user of an authenticated name in any spelling; they may be new. */
  public Optional<User> member(String name) {
    return Optional.ofNullable(folded.get(UserName.folded(name))).or(() -> newcomer(UserName.folded(name)));
  }

  /** Whether the file lists a user of this name, in any spelling. */
  public boolean lists(String name) {
    return folded.containsKey(UserName.folded(name));
  }

  /**
   * Whether a viewer has read-only access to this user's work: admins to all, teachers to that of their groups. A user
   * without a group has no teacher, even if a token lists an empty group.
   */
  public boolean mayLook(User.Role role, Collection<String> groups, User owner) {
    return role == User.Role.ADMIN || role == User.Role.TEACHER && owner.role() == User.Role.STUDENT
      && !owner.group().isEmpty() && groups.contains(owner.group());
  }

  private boolean isForNewcomers(Instance instance) {
    return newcomers.filter(home -> home.equals(instance.name()) || home.equals(instance.pool())).isPresent();
  }

  private Optional<User> newcomer(String name) {
    return newcomers.filter(pool -> UserName.isName(name))
      .map(pool -> new User(name, name, "", User.Role.STUDENT, pool));
  }

  /** The instance of this name, also if it is no longer listed. */
  public Optional<Instance> instance(String name) {
    return listed(name).or(() -> Optional.ofNullable(unlisted.get(name)));
  }

  private Optional<Instance> listed(String name) {
    return Optional.ofNullable(instances.get(name));
  }

  /** The pool that runs this user's tasks; empty if it does not exist. */
  public Optional<String> pool(User user) {
    return listed(user.instance()).map(Instance::pool)
      .or(() -> Optional.of(user.instance()).filter(pools::containsKey));
  }

  /** The instance whose page this user sees: their own, or always the same one of their pool. */
  public Optional<Instance> home(User user) {
    return listed(user.instance()).or(() -> Optional.ofNullable(pools.get(user.instance()))
      .map(pool -> pool.get(Math.floorMod(user.name().hashCode(), pool.size()))));
  }

  /** Whether this instance may run tasks of several users, so that its content must be filtered per user. */
  public boolean isShared(Instance instance) {
    return usersOfPools.getOrDefault(instance.pool(), 0L) > 1 || isForNewcomers(instance)
      || unlisted.containsKey(instance.name());
  }

  public Collection<User> users() {
    return users.values();
  }

  /** Users who have a page, by group and in natural order. */
  public List<User> roll() {
    return roll;
  }

  /** Those that are listed. */
  public Collection<Instance> instances() {
    return instances.values();
  }

  private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
    Map<String, T> map = new LinkedHashMap<>();
    all.forEach(one -> map.put(name.apply(one), one));
    return map;
  }

  /** Counts only: names do not belong in a log. */
  @Override
  public String toString() {
    return users.size() + " users, " + instances.size() + " instances";
  }

  /**
   * Orders users by group, then name, naturally: {@code class-2} before {@code class-10}. Collates as a Chinese
   * dictionary does, with Latin letters first.
   */
  static final class Roll {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int DIGITS = 12;
    private static final Comparator<Line> ORDER = Comparator.comparing(Line::group)
      .thenComparing(line -> line.user().group())
      .thenComparing(Line::name)
      .thenComparing(line -> line.user().name());

    private Roll() {
    }

    private record Line(User user, CollationKey group, CollationKey name) {
    }

    static List<User> of(Stream<User> users) {
      Collator collator = Collator.getInstance(Locale.CHINA);
      return users.map(user -> new Line(user, key(collator, user.group()), key(collator, user.displayName())))
        .sorted(ORDER).map(Line::user).toList();
    }

    private static CollationKey key(Collator collator, String text) {
      return collator.getCollationKey(NUMBER.matcher(UserName.folded(text))
        .replaceAll(number -> "0".repeat(Math.max(0, DIGITS - number.group().length())) + number.group()));
    }
  }
}
