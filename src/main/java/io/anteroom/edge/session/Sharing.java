package io.anteroom.edge.session;

import io.anteroom.config.Directory;
import io.anteroom.config.Instance;
import java.util.HashSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Which instances serve more than one user; counted again only when the directory has changed. */
final class Sharing {
  private final Supplier<Directory> directory;
  private Directory counted;
  private Set<String> sharedPools = Set.of();

  Sharing(Supplier<Directory> directory) {
    this.directory = directory;
  }

  /** Also of an instance that there is no more: then nobody knows. */
  boolean isShared(String instance) {
    Directory now = directory.get();
    if (now != counted) {
      sharedPools = count(now);
      counted = now;
    }
    return now.instance(instance).map(Instance::pool).map(sharedPools::contains).orElse(true);
  }

  private static Set<String> count(Directory directory) {
    Map<String, Integer> users = new HashMap<>();
    directory.users().forEach(user -> directory.pool(user).ifPresent(pool -> users.merge(pool, 1, Integer::sum)));
    Set<String> shared = new HashSet<>();
    users.forEach((pool, count) -> {
      if (count > 1) {
        shared.add(pool);
      }
    });
    return shared;
  }
}
