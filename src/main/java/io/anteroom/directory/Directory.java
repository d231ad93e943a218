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

/** Who may come in and which instances there are, as the two CSV files say at one moment. */
public final class Directory {
  private final Map<String, User> users;
  private final Map<String, User> folded;
  private final Map<String, Instance> instances;
  private final Map<String, List<Instance>> pools;
  private final Map<String, Long> usersOfPools;
  private final Optional<String> newcomers;
  private final List<User> roll;
  /** Instances that these files do not list, and that are known all the same. */
  private final Map<String, Instance> unlisted;

  /** Nobody but these users. */
  public Directory(Collection<User> users, Collection<Instance> instances) {
    this(users, instances, Optional.empty());
  }

  /** @param newcomers the instance or pool of those who are none of these users */
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

  /** The same that also knows where these instances are, which are nobody's home, for runs that go on there. */
  public Directory knowing(Collection<Instance> others) {
    return new Directory(this, others.stream().filter(other -> !instances.containsKey(other.name())).toList());
  }

  /**
   * The user whom the file of users lists by this very spelling: where nobody proves a name, one that only looks alike
   * is nobody's.
   */
  public Optional<User> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** Somebody who has proved that this is his name, however it is spelled; he may be new. */
  public Optional<User> member(String name) {
    return Optional.ofNullable(folded.get(UserName.folded(name))).or(() -> newcomer(UserName.folded(name)));
  }

  /** Whether the file of users has somebody of this name, however it is spelled. */
  public boolean lists(String name) {
    return folded.containsKey(UserName.folded(name));
  }

  /**
   * Whether somebody may look at what is this user's, and not touch it: admins at all, teachers at their groups'. Who
   * is in no group has no teacher, whatever empty word a token has among its groups.
   */
  public boolean mayLook(User.Role role, Collection<String> groups, User at) {
    return role == User.Role.ADMIN || role == User.Role.TEACHER && at.role() == User.Role.STUDENT
      && !at.group().isEmpty() && groups.contains(at.group());
  }

  private boolean isForNewcomers(Instance instance) {
    return newcomers.filter(home -> home.equals(instance.name()) || home.equals(instance.pool())).isPresent();
  }

  private Optional<User> newcomer(String name) {
    return newcomers.filter(pool -> UserName.isName(name))
      .map(pool -> new User(name, name, "", User.Role.STUDENT, pool));
  }

  /** One of this name, also one that is known without being listed. */
  public Optional<Instance> instance(String name) {
    return listed(name).or(() -> Optional.ofNullable(unlisted.get(name)));
  }

  private Optional<Instance> listed(String name) {
    return Optional.ofNullable(instances.get(name));
  }

  /** The pool that runs this user's tasks; empty when the files name none that exists. */
  public Optional<String> pool(User user) {
    return listed(user.instance()).map(Instance::pool)
      .or(() -> Optional.of(user.instance()).filter(pools::containsKey));
  }

  /** The instance whose page this user sees: his own, or always the same one of his pool. */
  public Optional<Instance> home(User user) {
    return listed(user.instance()).or(() -> Optional.ofNullable(pools.get(user.instance()))
      .map(pool -> pool.get(Math.floorMod(user.name().hashCode(), pool.size()))));
  }

  /** Whether more than one user's tasks may run on this instance, so that not all on it is everybody's business. */
  public boolean isShared(Instance instance) {
    return usersOfPools.getOrDefault(instance.pool(), 0L) > 1 || isForNewcomers(instance)
      || unlisted.containsKey(instance.name());
  }

  public Collection<User> users() {
    return users.values();
  }

  /** Those who have a page, group by group and in the order in which people look for names. */
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

  /** How many there are: the rest is nobody's business in a log. */
  @Override
  public String toString() {
    return users.size() + " users, " + instances.size() + " instances";
  }

  /**
   * The order in which people look for a name: group by group, as a Chinese dictionary has it, which puts Latin letters
   * first; numbers by their value, so that {@code class-2} comes before {@code class-10}.
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
