package io.anteroom.config;

import io.anteroom.config.Settings.Isolation;
import io.anteroom.config.Settings.Role;
import io.anteroom.net.CidrRange;
import io.anteroom.net.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Every setting with its type and default; {@code conf/anteroom.yaml} documents them. */
final class ConfigOptions {
  /** Which of the two limits is in force. */
  enum Stage { PRODUCTION, DEVELOPMENT }

  private static final int MAX_COUNT = 100_000;
  private static final String DAY = "24h";
  private static final OptionType<String> CLAIM = OptionTypes.text("the name of a claim",
    Pattern.compile("[!-~]{1,200}"));
  private static final OptionType<String> NAME =
    OptionTypes.text("a name of letters, digits, - and _", Pattern.compile("[A-Za-z0-9_-]{1,100}"));

  static final ConfigOption<Optional<String>> NODE = ConfigOption.of("node", "",
    OptionTypes.text("a name of letters, digits and . _ -, 64 at most",
    Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
      .orNothing());
  static final ConfigOption<Set<Role>> ROLES =
    ConfigOption.of("roles", "edge,injection,api,dispatch,status", OptionTypes.someOf(Role.class));
  static final ConfigOption<Stage> ENV =
    ConfigOption.of("env", "production", OptionTypes.oneOf(Stage.class))
    .alsoSetBy("ENV", OptionTypes.oneOf(Stage.class));
  static final ConfigOption<Path> DATA_DIR = ConfigOption.of("data.dir", "data", OptionTypes.path());

  static final ConfigOption<Long> DATA_MIN_FREE = ConfigOption.of("data.min_free", "1GB",
    OptionTypes.size("1MB", "100000GB"));

  static final ConfigOption<String> HTTP_HOST = ConfigOption.of("http.host", "127.0.0.1", OptionTypes.host());
  static final ConfigOption<Integer> HTTP_PORT = ConfigOption.of("http.port", "8080", OptionTypes.port());
  static final ConfigOption<String> HTTP_ADMIN_HOST = ConfigOption.of("http.admin_host", "127.0.0.1",
    OptionTypes.host());
  static final ConfigOption<Integer> HTTP_ADMIN_PORT = ConfigOption.of("http.admin_port", "8081", OptionTypes.port());
  static final ConfigOption<Long> HTTP_BODY_LIMIT = ConfigOption.of("http.body_limit", "100MB",
    OptionTypes.size("1KB", "2GB"));
  static final ConfigOption<Optional<Long>> HTTP_BODY_MEMORY =
    ConfigOption.of("http.body_memory", "", OptionTypes.size("1MB", "100GB").orNothing());

  static final ConfigOption<Optional<Path>> HTTP_TLS_CERT = ConfigOption.of("http.tls.cert", "", OptionTypes.path()
    .orNothing());
  static final ConfigOption<Optional<Path>> HTTP_TLS_KEY = ConfigOption.of("http.tls.key", "", OptionTypes.path()
    .orNothing());
  static final ConfigOption<Optional<Path>> HTTP_ADMIN_TLS_CERT =
    ConfigOption.of("http.admin_tls.cert", "", OptionTypes.path().orNothing());
  static final ConfigOption<Optional<Path>> HTTP_ADMIN_TLS_KEY =
    ConfigOption.of("http.admin_tls.key", "", OptionTypes.path().orNothing());
  static final ConfigOption<Optional<URI>> HTTP_PUBLIC_URL =
    ConfigOption.of("http.public_url", "", OptionTypes.origin().orNothing());
  static final ConfigOption<List<CidrRange>> HTTP_TRUSTED_PROXIES =
    ConfigOption.of("http.trusted_proxies", "", OptionTypes.addressRanges());

  static final ConfigOption<Isolation.By> ISOLATION_BY =
    ConfigOption.of("isolation.by", "path", OptionTypes.oneOf(Isolation.By.class));
  static final ConfigOption<PortRange> ISOLATION_PORTS = ConfigOption.of("isolation.ports", "", OptionTypes.ports());

  static final ConfigOption<Set<AuthSettings.Way>> AUTH_MODE = ConfigOption.of("auth.mode", "open",
    OptionTypes.someOf(AuthSettings.Way.class));
  static final ConfigOption<Boolean> AUTH_OPEN_ON_NETWORK = ConfigOption.of("auth.open_on_network", "false",
    OptionTypes.yesOrNo());
  static final ConfigOption<Duration> AUTH_LIFETIME = ConfigOption.of("auth.lifetime", "12h",
    OptionTypes.duration("5m", "720h"));
  static final ConfigOption<String> AUTH_USER_CLAIM = ConfigOption.of("auth.user_claim", "sub", CLAIM);
  static final ConfigOption<String> AUTH_GROUPS_CLAIM = ConfigOption.of("auth.groups_claim", "groups", CLAIM);
  static final ConfigOption<String> AUTH_ROLE_CLAIM = ConfigOption.of("auth.role_claim", "role", CLAIM);
  static final ConfigOption<List<String>> AUTH_TEACHER_ROLES =
    ConfigOption.of("auth.teacher_roles", "teacher,Instructor", OptionTypes.words());
  static final ConfigOption<List<String>> AUTH_ADMIN_ROLES = ConfigOption.of("auth.admin_roles", "",
    OptionTypes.words());
  static final ConfigOption<Optional<String>> JWT_SECRET = ConfigOption.secret("jwt.secret", OptionTypes.text(
    "32 to 500 letters, digits and signs without spaces", Pattern.compile("[!-~]{32,500}")).orNothing());
  static final ConfigOption<Optional<String>> JWT_KEYS = ConfigOption.of("jwt.keys", "",
    OptionTypes.text("a path or an https URL", Pattern.compile("(?!http:)\\S.*")).orNothing());
  static final ConfigOption<String> JWT_ISSUER = ConfigOption.of("jwt.issuer", "", OptionTypes.anyText());
  static final ConfigOption<String> JWT_AUDIENCE = ConfigOption.of("jwt.audience", "", OptionTypes.anyText());
  static final ConfigOption<Optional<String>> JWT_COOKIE = ConfigOption.of("jwt.cookie", "", NAME.orNothing());
  static final ConfigOption<String> HEADER_USER = ConfigOption.of("header.user", "X-Forwarded-User", NAME);
  static final ConfigOption<String> HEADER_NAME = ConfigOption.of("header.name", "X-Forwarded-Name", NAME);
  static final ConfigOption<String> HEADER_GROUPS = ConfigOption.of("header.groups", "X-Forwarded-Groups", NAME);
  static final ConfigOption<Optional<URI>> OIDC_ISSUER = ConfigOption.of("oidc.issuer", "", OptionTypes.webAddress());
  static final ConfigOption<String> OIDC_CLIENT_ID = ConfigOption.of("oidc.client_id", "", OptionTypes.anyText());
  static final ConfigOption<Optional<String>> OIDC_CLIENT_SECRET =
    ConfigOption.secret("oidc.client_secret", OptionTypes.anyText().orNothing());
  static final ConfigOption<List<String>> OIDC_SCOPES = ConfigOption.of("oidc.scopes", "openid,profile",
    OptionTypes.words());
  static final ConfigOption<Optional<URI>> LTI_ISSUER = ConfigOption.of("lti.issuer", "", OptionTypes.webAddress());
  static final ConfigOption<String> LTI_CLIENT_ID = ConfigOption.of("lti.client_id", "", OptionTypes.anyText());
  static final ConfigOption<Optional<URI>> LTI_LOGIN = ConfigOption.of("lti.login", "", OptionTypes.webAddress());
  static final ConfigOption<Optional<URI>> LTI_KEYS = ConfigOption.of("lti.keys", "", OptionTypes.webAddress());
  static final ConfigOption<List<String>> LTI_DEPLOYMENTS = ConfigOption.of("lti.deployments", "", OptionTypes.words());
  static final ConfigOption<Path> USERS_FILE = ConfigOption.of("users.file", "conf/users.csv", OptionTypes.path());
  static final ConfigOption<Optional<Path>> USERS_PASSWORDS = ConfigOption.of("users.passwords", "",
    OptionTypes.path().orNothing());
  static final ConfigOption<Optional<String>> USERS_NEWCOMERS =
    ConfigOption.of("users.newcomers", "", OptionTypes.text("the name of an instance or a pool",
    OptionTypes.INSTANCE_NAME)
    .orNothing());
  static final ConfigOption<Path> INSTANCES_FILE = ConfigOption.of("instances.file", "conf/instances.csv",
    OptionTypes.path());

  static final ConfigOption<Integer> LIMIT_CONCURRENT = ConfigOption.of("limit.concurrent", "10",
    OptionTypes.number(1, MAX_COUNT))
    .alsoSetBy("COMFY_MAX_CONCURRENT", OptionTypes.number(1, MAX_COUNT));
  static final ConfigOption<Integer> LIMIT_CONCURRENT_TEST = ConfigOption.of("limit.concurrent_test", "2",
    OptionTypes.number(1, MAX_COUNT))
    .alsoSetBy("COMFY_MAX_CONCURRENT_TEST", OptionTypes.number(1, MAX_COUNT));
  static final ConfigOption<Integer> LIMIT_USER_RUNNING = ConfigOption.of("limit.user_running", "1",
    OptionTypes.number(1, MAX_COUNT));
  static final ConfigOption<Integer> LIMIT_USER_WAITING = ConfigOption.of("limit.user_waiting", "20",
    OptionTypes.number(1, MAX_COUNT));

  static final ConfigOption<Long> LIMIT_USER_BYTES = ConfigOption.of("limit.user_bytes", "200MB",
    OptionTypes.size("1MB", "1000GB"));
  static final ConfigOption<Long> LIMIT_BYTES = ConfigOption.of("limit.bytes", "1GB",
    OptionTypes.size("1MB", "1000GB"));
  static final ConfigOption<Integer> LIMIT_USER_RUNS_PER_SECOND =
    ConfigOption.of("limit.user_runs_per_second", "2", OptionTypes.number(1, MAX_COUNT));
  static final ConfigOption<Integer> LIMIT_USER_CHANGES_PER_SECOND =
    ConfigOption.of("limit.user_changes_per_second", "20", OptionTypes.number(1, MAX_COUNT));

  static final ConfigOption<Duration> TASK_TIMEOUT = ConfigOption.of("task.timeout", "10m",
    OptionTypes.duration("1s", DAY));
  static final ConfigOption<Duration> TASK_INTERRUPT_GRACE =
    ConfigOption.of("task.interrupt_grace", "30s", OptionTypes.duration("1s", "1h"));
  static final ConfigOption<Duration> TASK_POLL_INTERVAL =
    ConfigOption.of("task.poll_interval", "2s", OptionTypes.duration("100ms", "1m"));
  static final ConfigOption<Integer> TASK_MAX_ATTEMPTS = ConfigOption.of("task.max_attempts", "3",
    OptionTypes.number(1, 100));
  static final ConfigOption<Duration> TASK_LEASE = ConfigOption.of("task.lease", "15s",
    OptionTypes.duration("3s", "1h"));
  static final ConfigOption<Duration> TASK_POST_TIMEOUT =
    ConfigOption.of("task.post_timeout", "10s", OptionTypes.duration("500ms", "1h"));
  static final ConfigOption<Duration> TASK_GRACE = ConfigOption.of("task.grace", "15s",
    OptionTypes.duration("1s", "1h"));
  static final ConfigOption<Duration> TASK_KEEP_ENDED = ConfigOption.of("task.keep_ended", DAY,
    OptionTypes.duration("1m", "8760h"));

  static final ConfigOption<Duration> INSTANCE_CONNECT_TIMEOUT =
    ConfigOption.of("instance.connect_timeout", "3s", OptionTypes.duration("100ms", "5m"));
  static final ConfigOption<Duration> INSTANCE_IDLE_TIMEOUT =
    ConfigOption.of("instance.idle_timeout", "60s", OptionTypes.duration("1s", DAY));
  static final ConfigOption<Duration> INSTANCE_PROBE_INTERVAL =
    ConfigOption.of("instance.probe_interval", "5s", OptionTypes.duration("500ms", "1h"));
  static final ConfigOption<Duration> INSTANCE_GIVE_UP = ConfigOption.of("instance.give_up", "30m",
    OptionTypes.duration("1s", DAY));
  static final ConfigOption<Duration> INSTANCE_MAX_BACKOFF =
    ConfigOption.of("instance.max_backoff", "5m", OptionTypes.duration("1s", "1h"));
  static final ConfigOption<Integer> INSTANCE_CONNECTIONS =
    ConfigOption.of("instance.connections", "64", OptionTypes.number(1, 10_000));
  static final ConfigOption<Optional<Path>> INSTANCE_TLS_CA = ConfigOption.of("instance.tls.ca", "",
    OptionTypes.path().orNothing());
  static final ConfigOption<Optional<String>> INSTANCE_GUARD_SECRET = ConfigOption.secret("instance.guard_secret",
    OptionTypes.text("16 to 200 letters, digits and signs without spaces", Pattern.compile("[!-~]{16,200}"))
    .orNothing());

  static final ConfigOption<Duration> SESSION_GRACE = ConfigOption.of("session.grace", "60s",
    OptionTypes.duration("1s", "1h"));

  static final ConfigOption<Duration> QUEUE_POLL_INTERVAL =
    ConfigOption.of("queue.poll_interval", "2s", OptionTypes.duration("100ms", "1h"))
      .alsoSetBy("COMFY_QUEUE_POLL_INTERVAL", OptionTypes.seconds(3600));
  static final ConfigOption<Boolean> PAGE_INJECTION = ConfigOption.of("page.injection", "true", OptionTypes.yesOrNo());

  static final ConfigOption<Optional<String>> REDIS_URL = ConfigOption.of("redis.url", "", OptionTypes.redisUrl()
    .orNothing());
  static final ConfigOption<String> REDIS_TYPE =
    ConfigOption.of("redis.type", "standalone", OptionTypes.word("standalone", "sentinel", "cluster"));
  static final ConfigOption<String> REDIS_MASTER =
    ConfigOption.of("redis.master", "mymaster", OptionTypes.text("the name of the master at the sentinels",
    Pattern.compile("\\S+")));
  static final ConfigOption<Integer> REDIS_PORT = ConfigOption.of("redis.port", "6390", OptionTypes.port());

  static final ConfigOption<Long> REDIS_MAX_MEMORY =
    ConfigOption.of("redis.max_memory", "2GB", OptionTypes.size("16MB", "1000GB"));
  static final ConfigOption<Optional<String>> REDIS_ENCRYPTION_SECRET = ConfigOption.secret("redis.encryption_secret",
    OptionTypes.text("16 to 200 letters, digits and signs without spaces", Pattern.compile("[!-~]{16,200}"))
    .orNothing());

  static final ConfigOption<Optional<Path>> REDIS_TLS_CA = ConfigOption.of("redis.tls.ca", "", OptionTypes.path()
    .orNothing());
  static final ConfigOption<Optional<Path>> REDIS_TLS_CERT = ConfigOption.of("redis.tls.cert", "", OptionTypes.path()
    .orNothing());
  static final ConfigOption<Optional<Path>> REDIS_TLS_KEY = ConfigOption.of("redis.tls.key", "", OptionTypes.path()
    .orNothing());

  static final ConfigOption<Optional<String>> CLUSTER_HOST = ConfigOption.of("cluster.host", "", OptionTypes.host()
    .orNothing());
  static final ConfigOption<Integer> CLUSTER_PORT = ConfigOption.of("cluster.port", "5701", OptionTypes.port());
  static final ConfigOption<Integer> CLUSTER_EVENT_BUS_PORT = ConfigOption.of("cluster.event_bus_port", "15701",
    OptionTypes.port());
  static final ConfigOption<List<String>> CLUSTER_MEMBERS = ConfigOption.of("cluster.members", "",
    OptionTypes.members());
  static final ConfigOption<Optional<Path>> CLUSTER_FILE = ConfigOption.of("cluster.file", "", OptionTypes.path()
    .orNothing());

  static final ConfigOption<Boolean> CLUSTER_ANY_INTERFACE = ConfigOption.of("cluster.any_interface", "false",
    OptionTypes.yesOrNo());
  static final ConfigOption<Optional<Path>> CLUSTER_TLS_CERT = ConfigOption.of("cluster.tls.cert", "",
    OptionTypes.path().orNothing());
  static final ConfigOption<Optional<Path>> CLUSTER_TLS_KEY = ConfigOption.of("cluster.tls.key", "",
    OptionTypes.path().orNothing());
  static final ConfigOption<Optional<Path>> CLUSTER_TLS_CA = ConfigOption.of("cluster.tls.ca", "", OptionTypes.path()
    .orNothing());

  /** All of them, in the order of {@code conf/anteroom.yaml}. */
  static final List<ConfigOption<?>> ALL = List.of(
    NODE, ROLES, ENV, DATA_DIR, DATA_MIN_FREE,
    HTTP_HOST, HTTP_PORT, HTTP_ADMIN_HOST, HTTP_ADMIN_PORT, HTTP_BODY_LIMIT, HTTP_BODY_MEMORY,
    HTTP_PUBLIC_URL,
    HTTP_TRUSTED_PROXIES, HTTP_TLS_CERT, HTTP_TLS_KEY, HTTP_ADMIN_TLS_CERT, HTTP_ADMIN_TLS_KEY,
    ISOLATION_BY, ISOLATION_PORTS,
    AUTH_MODE, AUTH_OPEN_ON_NETWORK, AUTH_LIFETIME, AUTH_USER_CLAIM, AUTH_GROUPS_CLAIM, AUTH_ROLE_CLAIM,
    AUTH_TEACHER_ROLES, AUTH_ADMIN_ROLES,
    JWT_SECRET, JWT_KEYS, JWT_ISSUER, JWT_AUDIENCE, JWT_COOKIE,
    HEADER_USER, HEADER_NAME, HEADER_GROUPS,
    OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SCOPES,
    LTI_ISSUER, LTI_CLIENT_ID, LTI_LOGIN, LTI_KEYS, LTI_DEPLOYMENTS,
    USERS_FILE, USERS_PASSWORDS, USERS_NEWCOMERS, INSTANCES_FILE,
    LIMIT_CONCURRENT, LIMIT_CONCURRENT_TEST, LIMIT_USER_RUNNING, LIMIT_USER_WAITING,
    LIMIT_USER_BYTES, LIMIT_BYTES, LIMIT_USER_RUNS_PER_SECOND, LIMIT_USER_CHANGES_PER_SECOND,
    TASK_TIMEOUT, TASK_INTERRUPT_GRACE, TASK_POLL_INTERVAL, TASK_MAX_ATTEMPTS, TASK_LEASE, TASK_POST_TIMEOUT,
    TASK_GRACE, TASK_KEEP_ENDED,
    INSTANCE_CONNECT_TIMEOUT, INSTANCE_IDLE_TIMEOUT, INSTANCE_PROBE_INTERVAL, INSTANCE_GIVE_UP, INSTANCE_MAX_BACKOFF,
    INSTANCE_CONNECTIONS, INSTANCE_GUARD_SECRET, INSTANCE_TLS_CA,
    SESSION_GRACE,
    QUEUE_POLL_INTERVAL, PAGE_INJECTION,
    REDIS_URL, REDIS_TYPE, REDIS_MASTER, REDIS_PORT, REDIS_MAX_MEMORY, REDIS_ENCRYPTION_SECRET,
    REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY,
    CLUSTER_HOST, CLUSTER_PORT, CLUSTER_EVENT_BUS_PORT, CLUSTER_MEMBERS, CLUSTER_FILE,
    CLUSTER_ANY_INTERFACE, CLUSTER_TLS_CERT, CLUSTER_TLS_KEY, CLUSTER_TLS_CA);

  private ConfigOptions() {
  }
}
