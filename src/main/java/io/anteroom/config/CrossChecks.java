package io.anteroom.config;

import io.anteroom.net.Loopback;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What must hold between settings that are each right on their own. */
public final class CrossChecks {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  private final Settings settings;
  private final Answers answers;

  CrossChecks(Settings settings, Answers answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    onlyFriendsMayComeInUnasked();
    new AuthChecks(settings.auth(), answers).run();
    new TlsChecks(settings, answers).run();
    new IsolationChecks(settings, answers).run();
    membersListenWhereTheyAreTold();
    everyPortServesOneThing();
    aLeaseOutlivesAPost();
    severalAddressesLeadToSeveralServers();
    smallerBoundsLieWithinLargerOnes();
  }

  private void onlyFriendsMayComeInUnasked() {
    if (settings.auth().isOpen() && !settings.auth().openOnNetwork()) {
      refuseBeyondLoopback(Keys.HTTP_HOST, settings.http().host());
      refuseBeyondLoopback(Keys.HTTP_ADMIN_HOST, settings.http().adminHost());
    }
  }

  private void refuseBeyondLoopback(Setting<String> key, String host) {
    if (!Loopback.is(host)) {
      answers.complain(key, ("with auth.mode open anybody who reaches it is whoever he says he is;"
        + " right would be 127.0.0.1, or %s true (%s=true) when that is meant")
        .formatted(Keys.AUTH_OPEN_ON_NETWORK.key(), Keys.AUTH_OPEN_ON_NETWORK.variable()));
    }
  }

  private void membersListenWhereTheyAreTold() {
    if (EVERYWHERE.contains(settings.cluster().host()) && !answers.get(Keys.CLUSTER_ANY_INTERFACE)) {
      answers.complain(Keys.CLUSTER_HOST, ("whoever reaches it can join the cluster, and this is every address of this"
        + " machine; right would be the inner one, or %s true (%s=true) where a firewall keeps all but nodes away")
        .formatted(Keys.CLUSTER_ANY_INTERFACE.key(), Keys.CLUSTER_ANY_INTERFACE.variable()));
    }
  }

  /** What this node listens on, except for the doors of students. */
  public static Map<Setting<Integer>, Integer> ports(Settings settings) {
    Map<Setting<Integer>, Integer> ports = new LinkedHashMap<>();
    ports.put(Keys.HTTP_PORT, settings.http().port());
    ports.put(Keys.HTTP_ADMIN_PORT, settings.http().adminPort());
    ports.put(Keys.CLUSTER_PORT, settings.cluster().port());
    ports.put(Keys.CLUSTER_EVENT_BUS_PORT, settings.cluster().eventBusPort());
    if (settings.redis().url().isEmpty()) {
      ports.put(Keys.REDIS_PORT, settings.redis().port());
    }
    return ports;
  }

  private void everyPortServesOneThing() {
    Map<Integer, Setting<Integer>> taken = new LinkedHashMap<>();
    ports(settings).forEach((key, port) -> {
      Setting<Integer> first = taken.putIfAbsent(port, key);
      if (first != null && answers.areSound(first, key)) {
        answers.complain(key, "right would be a port of its own: %s has this one".formatted(first.key()));
      }
    });
  }

  private void aLeaseOutlivesAPost() {
    boolean outlives = settings.task().postTimeout().compareTo(settings.task().lease()) < 0;
    if (!outlives && answers.areSound(Keys.TASK_POST_TIMEOUT, Keys.TASK_LEASE)) {
      answers.complain(Keys.TASK_POST_TIMEOUT, "right would be less than %s, which is %s"
        .formatted(Keys.TASK_LEASE.key(), answers.shown(Keys.TASK_LEASE)));
    }
  }

  private void severalAddressesLeadToSeveralServers() {
    boolean several = settings.redis().url().filter(urls -> RedisUrl.each(urls).size() > 1).isPresent();
    if (several && settings.redis().type().equals("standalone") && answers.areSound(Keys.REDIS_TYPE)) {
      answers.complain(Keys.REDIS_TYPE, "right would be sentinel or cluster, since redis.url names several servers");
    }
  }

  private void smallerBoundsLieWithinLargerOnes() {
    Settings.Bounds bounds = settings.limit().bounds();
    refuseAbove(Keys.LIMIT_USER_BYTES, bounds.userBytes(), Keys.LIMIT_BYTES, bounds.bytes());
    if (settings.redis().url().isEmpty()) {
      refuseAbove(Keys.LIMIT_BYTES, bounds.bytes(), Keys.REDIS_MAX_MEMORY, settings.redis().storage().maxMemory());
    }
  }

  private void refuseAbove(Setting<Long> inner, long bytes, Setting<Long> outer, long most) {
    if (bytes > most && answers.areSound(inner, outer)) {
      answers.complain(inner, "right would be no more than %s, which is %s".formatted(outer.key(),
        answers.shown(outer)));
    }
  }
}
