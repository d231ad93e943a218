package io.anteroom.config;

import io.anteroom.config.AuthSettings.Way;
import io.anteroom.config.Settings.Isolation.By;
import io.anteroom.net.CidrRange;
import io.anteroom.net.Loopback;
import io.anteroom.net.PortRange;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold between settings that are each right on their own. */
public final class SettingsValidator {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  private final Settings settings;
  private final OptionValues answers;

  SettingsValidator(Settings settings, OptionValues answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    onlyFriendsMayComeInUnasked();
    new AuthChecks(settings.auth(), answers).run();
    new TlsValidator(settings, answers).run();
    new IsolationChecks(settings, answers).run();
    membersListenWhereTheyAreTold();
    everyPortServesOneThing();
    aLeaseOutlivesAPost();
    severalAddressesLeadToSeveralServers();
    smallerBoundsLieWithinLargerOnes();
  }

  private void onlyFriendsMayComeInUnasked() {
    if (settings.auth().isOpen() && !settings.auth().openOnNetwork()) {
      refuseBeyondLoopback(ConfigOptions.HTTP_HOST, settings.http().host());
      refuseBeyondLoopback(ConfigOptions.HTTP_ADMIN_HOST, settings.http().adminHost());
    }
  }

  private void refuseBeyondLoopback(ConfigOption<String> key, String host) {
    if (!Loopback.is(host)) {
      answers.complain(key, ("with auth.mode open anybody who reaches it is whoever he says he is;"
        + " right would be 127.0.0.1, or %s true (%s=true) when that is meant")
        .formatted(ConfigOptions.AUTH_OPEN_ON_NETWORK.key(), ConfigOptions.AUTH_OPEN_ON_NETWORK.variable()));
    }
  }

  private void membersListenWhereTheyAreTold() {
    if (EVERYWHERE.contains(settings.cluster().host()) && !answers.get(ConfigOptions.CLUSTER_ANY_INTERFACE)) {
      answers.complain(ConfigOptions.CLUSTER_HOST,
        ("whoever reaches it can join the cluster, and this is every address of this"
        + " machine; right would be the inner one, or %s true (%s=true) where a firewall keeps all but nodes away")
        .formatted(ConfigOptions.CLUSTER_ANY_INTERFACE.key(), ConfigOptions.CLUSTER_ANY_INTERFACE.variable()));
    }
  }

  /** What this node listens on, except for the doors of students. */
  public static Map<ConfigOption<Integer>, Integer> ports(Settings settings) {
    Map<ConfigOption<Integer>, Integer> ports = new LinkedHashMap<>();
    ports.put(ConfigOptions.HTTP_PORT, settings.http().port());
    ports.put(ConfigOptions.HTTP_ADMIN_PORT, settings.http().adminPort());
    ports.put(ConfigOptions.CLUSTER_PORT, settings.cluster().port());
    ports.put(ConfigOptions.CLUSTER_EVENT_BUS_PORT, settings.cluster().eventBusPort());
    if (settings.redis().url().isEmpty()) {
      ports.put(ConfigOptions.REDIS_PORT, settings.redis().port());
    }
    return ports;
  }

  private void everyPortServesOneThing() {
    Map<Integer, ConfigOption<Integer>> taken = new LinkedHashMap<>();
    ports(settings).forEach((key, port) -> {
      ConfigOption<Integer> first = taken.putIfAbsent(port, key);
      if (first != null && answers.areSound(first, key)) {
        answers.complain(key, "right would be a port of its own: %s has this one".formatted(first.key()));
      }
    });
  }

  private void aLeaseOutlivesAPost() {
    boolean outlives = settings.task().postTimeout().compareTo(settings.task().lease()) < 0;
    if (!outlives && answers.areSound(ConfigOptions.TASK_POST_TIMEOUT, ConfigOptions.TASK_LEASE)) {
      answers.complain(ConfigOptions.TASK_POST_TIMEOUT, "right would be less than %s, which is %s"
        .formatted(ConfigOptions.TASK_LEASE.key(), answers.shown(ConfigOptions.TASK_LEASE)));
    }
  }

  private void severalAddressesLeadToSeveralServers() {
    boolean several = settings.redis().url().filter(urls -> RedisUrl.each(urls).size() > 1).isPresent();
    if (several && settings.redis().type().equals("standalone") && answers.areSound(ConfigOptions.REDIS_TYPE)) {
      answers.complain(ConfigOptions.REDIS_TYPE,
        "right would be sentinel or cluster, since redis.url names several servers");
    }
  }

  private void smallerBoundsLieWithinLargerOnes() {
    Settings.Bounds bounds = settings.limit().bounds();
    refuseAbove(ConfigOptions.LIMIT_USER_BYTES, bounds.userBytes(), ConfigOptions.LIMIT_BYTES, bounds.bytes());
    if (settings.redis().url().isEmpty()) {
      refuseAbove(ConfigOptions.LIMIT_BYTES, bounds.bytes(), ConfigOptions.REDIS_MAX_MEMORY, settings.redis()
        .storage().maxMemory());
    }
  }

  private void refuseAbove(ConfigOption<Long> inner, long bytes, ConfigOption<Long> outer, long most) {
    if (bytes > most && answers.areSound(inner, outer)) {
      answers.complain(inner, "right would be no more than %s, which is %s".formatted(outer.key(),
        answers.shown(outer)));
    }
  }

  /** What each way to sign in needs, so that none is open that would let in anybody or nobody. */
  static final class AuthChecks {
    private final AuthSettings auth;
    private final OptionValues answers;

    AuthChecks(AuthSettings auth, OptionValues answers) {
      this.auth = auth;
      this.answers = answers;
    }

    /** Complains to the answers. */
    void run() {
      if (auth.isOpen() && auth.ways().size() > 1) {
        answers.complain(ConfigOptions.AUTH_MODE, "right would be open alone, or the other ways without it:"
          + " open asks nobody who he is");
      }
      demand(Way.USERS, ConfigOptions.USERS_PASSWORDS, auth.passwords().isPresent(), "the file of passwords");
      checkJwt();
      demand(Way.OIDC, ConfigOptions.OIDC_ISSUER, auth.oidc().issuer().isPresent(), "the provider's issuer");
      demand(Way.OIDC, ConfigOptions.OIDC_CLIENT_ID, !auth.oidc().clientId().isEmpty(), "our id at the provider");
      demand(Way.LTI, ConfigOptions.LTI_ISSUER, auth.lti().issuer().isPresent(), "the platform's issuer");
      demand(Way.LTI, ConfigOptions.LTI_CLIENT_ID, !auth.lti().clientId().isEmpty(), "our id at the platform");
      demand(Way.LTI, ConfigOptions.LTI_LOGIN, auth.lti().login().isPresent(), "the platform's authentication address");
      demand(Way.LTI, ConfigOptions.LTI_KEYS, auth.lti().keys().isPresent(), "the address of the platform's keys");
      demand(Way.LTI, ConfigOptions.LTI_DEPLOYMENTS, !auth.lti().deployments().isEmpty(),
        "the deployments that may launch");
    }

    private void checkJwt() {
      AuthSettings.Jwt jwt = auth.jwt();
      demand(Way.JWT, ConfigOptions.JWT_KEYS, jwt.keys().isPresent() || jwt.secret().isPresent(),
        "the teaching system's public keys, or %s".formatted(ConfigOptions.JWT_SECRET.key()));
      if (auth.has(Way.JWT) && jwt.keys().isPresent() && jwt.secret().isPresent()) {
        answers.complain(ConfigOptions.JWT_KEYS,
          "right would be either this or %s: a token must not choose by which it is checked"
          .formatted(ConfigOptions.JWT_SECRET.key()));
      }
      demand(Way.JWT, ConfigOptions.JWT_ISSUER, !jwt.issuer().isEmpty(), "what its tokens have as iss");
      demand(Way.JWT, ConfigOptions.JWT_AUDIENCE, !jwt.audience().isEmpty(), "what its tokens have as aud");
    }

    private void demand(Way way, ConfigOption<?> setting, boolean given, String what) {
      if (auth.has(way) && !given && answers.areSound(setting)) {
        answers.complain(setting,
          "right would be %s, since auth.mode has %s".formatted(what, way.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  /** Whether each student can have an origin of his own, as the settings want it. */
  static final class IsolationChecks {
    private final Settings settings;
    private final OptionValues answers;

    IsolationChecks(Settings settings, OptionValues answers) {
      this.settings = settings;
      this.answers = answers;
    }

    /** Complains to the answers. */
    void run() {
      By by = settings.http().isolation().by();
      if (by == By.PATH || !answers.areSound(ConfigOptions.ISOLATION_BY, ConfigOptions.ISOLATION_PORTS)) {
        return;
      }
      if (settings.auth().isOpen()) {
        answers.complain(ConfigOptions.ISOLATION_BY,
          ("right would be path, or %s with a way to sign in: with open, anybody may"
          + " open anybody's page anyway").formatted(ConfigOptions.AUTH_MODE.key()));
      }
      if (by == By.PORT) {
        portsAreFree();
      } else {
        namesAreBelowASafeOne();
      }
    }

    private void portsAreFree() {
      PortRange ports = settings.http().isolation().ports();
      if (ports.size() == 0) {
        answers.complain(ConfigOptions.ISOLATION_PORTS,
          "right would be a range with a port for each student, as 8201-8260, since"
          + " %s is port".formatted(ConfigOptions.ISOLATION_BY.key()));
      }
      String taken = SettingsValidator.ports(settings).entrySet().stream()
        .filter(other -> ports.contains(other.getValue()))
        .map(other -> "%d (%s)".formatted(other.getValue(), other.getKey().key())).collect(Collectors.joining(", "));
      if (!taken.isEmpty()) {
        answers.complain(ConfigOptions.ISOLATION_PORTS, "right would be a range without " + taken);
      }
    }

    private void namesAreBelowASafeOne() {
      boolean safe = settings.http().front().publicUrl()
        .filter(url -> "https".equals(url.getScheme()) && CidrRange.address(url.getHost()).isEmpty()).isPresent();
      if (!safe && answers.areSound(ConfigOptions.HTTP_PUBLIC_URL)) {
        answers.complain(ConfigOptions.HTTP_PUBLIC_URL,
          ("right would be https:// and a name, below which each student gets one of"
          + " his own, since %s is host").formatted(ConfigOptions.ISOLATION_BY.key()));
      }
    }
  }
}
