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

/** Checks what must hold between settings that are each valid on their own. */
public final class SettingsValidator {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  private final Settings settings;
  private final OptionValues values;

  SettingsValidator(Settings settings, OptionValues values) {
    this.settings = settings;
    this.values = values;
  }

  /** Records errors in the values. */
  void run() {
    checkOpenModeIsLocal();
    new AuthChecks(settings.auth(), values).run();
    new TlsValidator(settings, values).run();
    new IsolationChecks(settings, values).run();
    checkClusterInterface();
    checkPortsAreDistinct();
    checkLeaseOutlivesPost();
    checkRedisType();
    checkBoundsAreNested();
  }

  private void checkOpenModeIsLocal() {
    if (settings.auth().isOpen() && !settings.auth().openOnNetwork()) {
      checkLoopback(ConfigOptions.HTTP_HOST, settings.http().host());
      checkLoopback(ConfigOptions.HTTP_ADMIN_HOST, settings.http().adminHost());
    }
  }

  private void checkLoopback(ConfigOption<String> key, String host) {
    if (!Loopback.is(host)) {
      values.complain(key, ("expected 127.0.0.1, since with auth.mode open every client"
        + " can act as any user; set %s to true (%s=true) if that is intended")
        .formatted(ConfigOptions.AUTH_OPEN_ON_NETWORK.key(), ConfigOptions.AUTH_OPEN_ON_NETWORK.variable()));
    }
  }

  private void checkClusterInterface() {
    if (EVERYWHERE.contains(settings.cluster().host()) && !values.get(ConfigOptions.CLUSTER_ANY_INTERFACE)) {
      values.complain(ConfigOptions.CLUSTER_HOST,
        ("expected an address of the internal network, since every host that can"
        + " connect can join the cluster; set %s to true (%s=true) if a firewall admits only nodes")
        .formatted(ConfigOptions.CLUSTER_ANY_INTERFACE.key(), ConfigOptions.CLUSTER_ANY_INTERFACE.variable()));
    }
  }

  /** The ports that this node listens on, except those of student origins. */
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

  private void checkPortsAreDistinct() {
    Map<Integer, ConfigOption<Integer>> taken = new LinkedHashMap<>();
    ports(settings).forEach((key, port) -> {
      ConfigOption<Integer> first = taken.putIfAbsent(port, key);
      if (first != null && values.areSound(first, key)) {
        values.complain(key, "expected a free port: %s uses this one".formatted(first.key()));
      }
    });
  }

  private void checkLeaseOutlivesPost() {
    boolean outlives = settings.task().postTimeout().compareTo(settings.task().lease()) < 0;
    if (!outlives && values.areSound(ConfigOptions.TASK_POST_TIMEOUT, ConfigOptions.TASK_LEASE)) {
      values.complain(ConfigOptions.TASK_POST_TIMEOUT, "expected less than %s, which is %s"
        .formatted(ConfigOptions.TASK_LEASE.key(), values.shown(ConfigOptions.TASK_LEASE)));
    }
  }

  private void checkRedisType() {
    boolean several = settings.redis().url().filter(urls -> RedisUrl.each(urls).size() > 1).isPresent();
    if (several && settings.redis().type().equals("standalone") && values.areSound(ConfigOptions.REDIS_TYPE)) {
      values.complain(ConfigOptions.REDIS_TYPE,
        "expected sentinel or cluster, since redis.url names several servers");
    }
  }

  private void checkBoundsAreNested() {
    Settings.Bounds bounds = settings.limit().bounds();
    checkAtMost(ConfigOptions.LIMIT_USER_BYTES, bounds.userBytes(), ConfigOptions.LIMIT_BYTES, bounds.bytes());
    if (settings.redis().url().isEmpty()) {
      checkAtMost(ConfigOptions.LIMIT_BYTES, bounds.bytes(), ConfigOptions.REDIS_MAX_MEMORY, settings.redis()
        .storage().maxMemory());
    }
  }

  private void checkAtMost(ConfigOption<Long> inner, long bytes, ConfigOption<Long> outer, long max) {
    if (bytes > max && values.areSound(inner, outer)) {
      values.complain(inner, "expected no more than %s, which is %s".formatted(outer.key(),
        values.shown(outer)));
    }
  }

  /** Checks that each sign-in method has all it needs, so that none admits everyone or no one. */
  static final class AuthChecks {
    private final AuthSettings auth;
    private final OptionValues values;

    AuthChecks(AuthSettings auth, OptionValues values) {
      this.auth = auth;
      this.values = values;
    }

    /** Records errors in the values. */
    void run() {
      if (auth.isOpen() && auth.ways().size() > 1) {
        values.complain(ConfigOptions.AUTH_MODE, "expected open alone, or the other methods without it:"
          + " open authenticates no one");
      }
      demand(Way.USERS, ConfigOptions.USERS_PASSWORDS, auth.passwords().isPresent(), "the password file");
      checkJwt();
      demand(Way.OIDC, ConfigOptions.OIDC_ISSUER, auth.oidc().issuer().isPresent(), "the issuer of the provider");
      demand(Way.OIDC, ConfigOptions.OIDC_CLIENT_ID, !auth.oidc().clientId().isEmpty(), "our id at the provider");
      demand(Way.LTI, ConfigOptions.LTI_ISSUER, auth.lti().issuer().isPresent(), "the platform's issuer");
      demand(Way.LTI, ConfigOptions.LTI_CLIENT_ID, !auth.lti().clientId().isEmpty(), "our client id at the platform");
      demand(Way.LTI, ConfigOptions.LTI_LOGIN, auth.lti().login().isPresent(), "the platform's authentication URL");
      demand(Way.LTI, ConfigOptions.LTI_KEYS, auth.lti().keys().isPresent(), "the URL of the platform's keys");
      demand(Way.LTI, ConfigOptions.LTI_DEPLOYMENTS, !auth.lti().deployments().isEmpty(),
        "the deployments that may launch");
    }

    private void checkJwt() {
      AuthSettings.Jwt jwt = auth.jwt();
      demand(Way.JWT, ConfigOptions.JWT_KEYS, jwt.keys().isPresent() || jwt.secret().isPresent(),
        "the teaching system's public keys, or %s".formatted(ConfigOptions.JWT_SECRET.key()));
      if (auth.has(Way.JWT) && jwt.keys().isPresent() && jwt.secret().isPresent()) {
        values.complain(ConfigOptions.JWT_KEYS,
          "expected either this or %s, not both: a token must not choose how it is verified"
          .formatted(ConfigOptions.JWT_SECRET.key()));
      }
      demand(Way.JWT, ConfigOptions.JWT_ISSUER, !jwt.issuer().isEmpty(), "the iss of its tokens");
      demand(Way.JWT, ConfigOptions.JWT_AUDIENCE, !jwt.audience().isEmpty(), "the aud of its tokens");
    }

    private void demand(Way way, ConfigOption<?> setting, boolean given, String what) {
      if (auth.has(way) && !given && values.areSound(setting)) {
        values.complain(setting,
          "expected %s, since auth.mode has %s".formatted(what, way.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  /** Checks that each student can have their own origin, as the settings demand. */
  static final class IsolationChecks {
    private final Settings settings;
    private final OptionValues values;

    IsolationChecks(Settings settings, OptionValues values) {
      this.settings = settings;
      this.values = values;
    }

    /** Records errors in the values. */
    void run() {
      By by = settings.http().isolation().by();
      if (by == By.PATH || !values.areSound(ConfigOptions.ISOLATION_BY, ConfigOptions.ISOLATION_PORTS)) {
        return;
      }
      if (settings.auth().isOpen()) {
        values.complain(ConfigOptions.ISOLATION_BY,
          ("expected path, or %s with a sign-in method: with open, every client can"
          + " open every student's page anyway").formatted(ConfigOptions.AUTH_MODE.key()));
      }
      if (by == By.PORT) {
        checkPorts();
      } else {
        checkPublicName();
      }
    }

    private void checkPorts() {
      PortRange ports = settings.http().isolation().ports();
      if (ports.size() == 0) {
        values.complain(ConfigOptions.ISOLATION_PORTS,
          "expected a range with a port for each student, such as 8201-8260, since"
          + " %s is port".formatted(ConfigOptions.ISOLATION_BY.key()));
      }
      String taken = SettingsValidator.ports(settings).entrySet().stream()
        .filter(other -> ports.contains(other.getValue()))
        .map(other -> "%d (%s)".formatted(other.getValue(), other.getKey().key())).collect(Collectors.joining(", "));
      if (!taken.isEmpty()) {
        values.complain(ConfigOptions.ISOLATION_PORTS, "expected a range without " + taken);
      }
    }

    private void checkPublicName() {
      boolean safe = settings.http().front().publicUrl()
        .filter(url -> "https".equals(url.getScheme()) && CidrRange.address(url.getHost()).isEmpty()).isPresent();
      if (!safe && values.areSound(ConfigOptions.HTTP_PUBLIC_URL)) {
        values.complain(ConfigOptions.HTTP_PUBLIC_URL,
          ("expected https:// and a host name, below which each student gets a name"
          + " of their own, since %s is host").formatted(ConfigOptions.ISOLATION_BY.key()));
      }
    }
  }
}
