package io.anteroom.config;

import io.anteroom.config.Settings.Isolation;
import io.anteroom.config.Settings.Role;
import io.anteroom.directory.Instance;
import io.anteroom.net.AddressRange;
import io.anteroom.net.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Every setting there is, with its default and what it may be; {@code conf/anteroom.yaml} says what each means. */
final class Keys {
  /** Which of the two limits is in force. */
  enum Stage { PRODUCTION, DEVELOPMENT }

  private static final int MANY = 100_000;
  private static final String DAY = "24h";
  private static final Kind<String> CLAIM = Kinds.text("the name of a claim", Pattern.compile("[!-~]{1,200}"));
  private static final Kind<String> NAME =
    Kinds.text("a name of letters, digits, - and _", Pattern.compile("[A-Za-z0-9_-]{1,100}"));

  static final Setting<Optional<String>> NODE = Setting.of("node", "",
    Kinds.text("a name of letters, digits and . _ -, 64 at most", Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
      .orNothing());
  static final Setting<Set<Role>> ROLES =
    Setting.of("roles", "edge,injection,api,dispatch,status", Kinds.someOf(Role.class));
  static final Setting<Stage> ENV =
    Setting.of("env", "production", Kinds.oneOf(Stage.class)).alsoSetBy("ENV", Kinds.oneOf(Stage.class));
  static final Setting<Path> DATA_DIR = Setting.of("data.dir", "data", Kinds.path());

  static final Setting<Long> DATA_MIN_FREE = Setting.of("data.min_free", "1GB", Kinds.size("1MB", "100000GB"));

  static final Setting<String> HTTP_HOST = Setting.of("http.host", "127.0.0.1", Kinds.host());
  static final Setting<Integer> HTTP_PORT = Setting.of("http.port", "8080", Kinds.port());
  static final Setting<String> HTTP_ADMIN_HOST = Setting.of("http.admin_host", "127.0.0.1", Kinds.host());
  static final Setting<Integer> HTTP_ADMIN_PORT = Setting.of("http.admin_port", "8081", Kinds.port());
  static final Setting<Long> HTTP_BODY_LIMIT = Setting.of("http.body_limit", "100MB", Kinds.size("1KB", "2GB"));
  static final Setting<Optional<Long>> HTTP_BODY_MEMORY =
    Setting.of("http.body_memory", "", Kinds.size("1MB", "100GB").orNothing());

  static final Setting<Optional<Path>> HTTP_TLS_CERT = Setting.of("http.tls.cert", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> HTTP_TLS_KEY = Setting.of("http.tls.key", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> HTTP_ADMIN_TLS_CERT =
    Setting.of("http.admin_tls.cert", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> HTTP_ADMIN_TLS_KEY =
    Setting.of("http.admin_tls.key", "", Kinds.path().orNothing());
  static final Setting<Optional<URI>> HTTP_PUBLIC_URL =
    Setting.of("http.public_url", "", Kinds.origin().orNothing());
  static final Setting<List<AddressRange>> HTTP_TRUSTED_PROXIES =
    Setting.of("http.trusted_proxies", "", Kinds.addressRanges());

  static final Setting<Isolation.By> ISOLATION_BY =
    Setting.of("isolation.by", "path", Kinds.oneOf(Isolation.By.class));
  static final Setting<PortRange> ISOLATION_PORTS = Setting.of("isolation.ports", "", Kinds.ports());

  static final Setting<Set<Auth.Way>> AUTH_MODE = Setting.of("auth.mode", "open", Kinds.someOf(Auth.Way.class));
  static final Setting<Boolean> AUTH_OPEN_ON_NETWORK = Setting.of("auth.open_on_network", "false", Kinds.yesOrNo());
  static final Setting<Duration> AUTH_LIFETIME = Setting.of("auth.lifetime", "12h", Kinds.duration("5m", "720h"));
  static final Setting<String> AUTH_USER_CLAIM = Setting.of("auth.user_claim", "sub", CLAIM);
  static final Setting<String> AUTH_GROUPS_CLAIM = Setting.of("auth.groups_claim", "groups", CLAIM);
  static final Setting<String> AUTH_ROLE_CLAIM = Setting.of("auth.role_claim", "role", CLAIM);
  static final Setting<List<String>> AUTH_TEACHER_ROLES =
    Setting.of("auth.teacher_roles", "teacher,Instructor", Kinds.words());
  static final Setting<List<String>> AUTH_ADMIN_ROLES = Setting.of("auth.admin_roles", "", Kinds.words());
  static final Setting<Optional<String>> JWT_SECRET = Setting.secret("jwt.secret", Kinds.text(
    "32 to 500 letters, digits and signs without blanks", Pattern.compile("[!-~]{32,500}")).orNothing());
  static final Setting<Optional<String>> JWT_KEYS = Setting.of("jwt.keys", "",
    Kinds.text("a path or an https address", Pattern.compile("(?!http:)\\S.*")).orNothing());
  static final Setting<String> JWT_ISSUER = Setting.of("jwt.issuer", "", Kinds.anyText());
  static final Setting<String> JWT_AUDIENCE = Setting.of("jwt.audience", "", Kinds.anyText());
  static final Setting<Optional<String>> JWT_COOKIE = Setting.of("jwt.cookie", "", NAME.orNothing());
  static final Setting<String> HEADER_USER = Setting.of("header.user", "X-Forwarded-User", NAME);
  static final Setting<String> HEADER_NAME = Setting.of("header.name", "X-Forwarded-Name", NAME);
  static final Setting<String> HEADER_GROUPS = Setting.of("header.groups", "X-Forwarded-Groups", NAME);
  static final Setting<Optional<URI>> OIDC_ISSUER = Setting.of("oidc.issuer", "", Kinds.webAddress());
  static final Setting<String> OIDC_CLIENT_ID = Setting.of("oidc.client_id", "", Kinds.anyText());
  static final Setting<Optional<String>> OIDC_CLIENT_SECRET =
    Setting.secret("oidc.client_secret", Kinds.anyText().orNothing());
  static final Setting<List<String>> OIDC_SCOPES = Setting.of("oidc.scopes", "openid,profile", Kinds.words());
  static final Setting<Optional<URI>> LTI_ISSUER = Setting.of("lti.issuer", "", Kinds.webAddress());
  static final Setting<String> LTI_CLIENT_ID = Setting.of("lti.client_id", "", Kinds.anyText());
  static final Setting<Optional<URI>> LTI_LOGIN = Setting.of("lti.login", "", Kinds.webAddress());
  static final Setting<Optional<URI>> LTI_KEYS = Setting.of("lti.keys", "", Kinds.webAddress());
  static final Setting<List<String>> LTI_DEPLOYMENTS = Setting.of("lti.deployments", "", Kinds.words());
  static final Setting<Path> USERS_FILE = Setting.of("users.file", "conf/users.csv", Kinds.path());
  static final Setting<Optional<Path>> USERS_PASSWORDS = Setting.of("users.passwords", "", Kinds.path().orNothing());
  static final Setting<Optional<String>> USERS_NEWCOMERS =
    Setting.of("users.newcomers", "", Kinds.text("the name of an instance or a pool", Instance.NAME).orNothing());
  static final Setting<Path> INSTANCES_FILE = Setting.of("instances.file", "conf/instances.csv", Kinds.path());

  static final Setting<Integer> LIMIT_CONCURRENT = Setting.of("limit.concurrent", "10", Kinds.number(1, MANY))
    .alsoSetBy("COMFY_MAX_CONCURRENT", Kinds.number(1, MANY));
  static final Setting<Integer> LIMIT_CONCURRENT_TEST = Setting.of("limit.concurrent_test", "2", Kinds.number(1, MANY))
    .alsoSetBy("COMFY_MAX_CONCURRENT_TEST", Kinds.number(1, MANY));
  static final Setting<Integer> LIMIT_USER_RUNNING = Setting.of("limit.user_running", "1", Kinds.number(1, MANY));
  static final Setting<Integer> LIMIT_USER_WAITING = Setting.of("limit.user_waiting", "20", Kinds.number(1, MANY));

  static final Setting<Long> LIMIT_USER_BYTES = Setting.of("limit.user_bytes", "200MB", Kinds.size("1MB", "1000GB"));
  static final Setting<Long> LIMIT_BYTES = Setting.of("limit.bytes", "1GB", Kinds.size("1MB", "1000GB"));
  static final Setting<Integer> LIMIT_USER_RUNS_PER_SECOND =
    Setting.of("limit.user_runs_per_second", "2", Kinds.number(1, MANY));
  static final Setting<Integer> LIMIT_USER_CHANGES_PER_SECOND =
    Setting.of("limit.user_changes_per_second", "20", Kinds.number(1, MANY));

  static final Setting<Duration> TASK_TIMEOUT = Setting.of("task.timeout", "10m", Kinds.duration("1s", DAY));
  static final Setting<Duration> TASK_INTERRUPT_GRACE =
    Setting.of("task.interrupt_grace", "30s", Kinds.duration("1s", "1h"));
  static final Setting<Duration> TASK_POLL_INTERVAL =
    Setting.of("task.poll_interval", "2s", Kinds.duration("100ms", "1m"));
  static final Setting<Integer> TASK_MAX_ATTEMPTS = Setting.of("task.max_attempts", "3", Kinds.number(1, 100));
  static final Setting<Duration> TASK_LEASE = Setting.of("task.lease", "15s", Kinds.duration("3s", "1h"));
  static final Setting<Duration> TASK_POST_TIMEOUT =
    Setting.of("task.post_timeout", "10s", Kinds.duration("500ms", "1h"));
  static final Setting<Duration> TASK_GRACE = Setting.of("task.grace", "15s", Kinds.duration("1s", "1h"));
  static final Setting<Duration> TASK_KEEP_ENDED = Setting.of("task.keep_ended", DAY, Kinds.duration("1m", "8760h"));

  static final Setting<Duration> INSTANCE_CONNECT_TIMEOUT =
    Setting.of("instance.connect_timeout", "3s", Kinds.duration("100ms", "5m"));
  static final Setting<Duration> INSTANCE_IDLE_TIMEOUT =
    Setting.of("instance.idle_timeout", "60s", Kinds.duration("1s", DAY));
  static final Setting<Duration> INSTANCE_PROBE_INTERVAL =
    Setting.of("instance.probe_interval", "5s", Kinds.duration("500ms", "1h"));
  static final Setting<Duration> INSTANCE_GIVE_UP = Setting.of("instance.give_up", "30m", Kinds.duration("1s", DAY));
  static final Setting<Duration> INSTANCE_MAX_BACKOFF =
    Setting.of("instance.max_backoff", "5m", Kinds.duration("1s", "1h"));
  static final Setting<Integer> INSTANCE_CONNECTIONS =
    Setting.of("instance.connections", "64", Kinds.number(1, 10_000));
  static final Setting<Optional<Path>> INSTANCE_TLS_CA = Setting.of("instance.tls.ca", "", Kinds.path().orNothing());
  static final Setting<Optional<String>> INSTANCE_GUARD_SECRET = Setting.secret("instance.guard_secret",
    Kinds.text("16 to 200 letters, digits and signs without blanks", Pattern.compile("[!-~]{16,200}")).orNothing());

  static final Setting<Duration> SESSION_GRACE = Setting.of("session.grace", "60s", Kinds.duration("1s", "1h"));

  static final Setting<Duration> QUEUE_POLL_INTERVAL =
    Setting.of("queue.poll_interval", "2s", Kinds.duration("100ms", "1h"))
      .alsoSetBy("COMFY_QUEUE_POLL_INTERVAL", Kinds.seconds(3600));
  static final Setting<Boolean> PAGE_INJECTION = Setting.of("page.injection", "true", Kinds.yesOrNo());

  static final Setting<Optional<String>> REDIS_URL = Setting.of("redis.url", "", Kinds.redisUrl().orNothing());
  static final Setting<String> REDIS_TYPE =
    Setting.of("redis.type", "standalone", Kinds.word("standalone", "sentinel", "cluster"));
  static final Setting<String> REDIS_MASTER =
    Setting.of("redis.master", "mymaster", Kinds.text("the master's name at the sentinels", Pattern.compile("\\S+")));
  static final Setting<Integer> REDIS_PORT = Setting.of("redis.port", "6390", Kinds.port());

  static final Setting<Long> REDIS_MAX_MEMORY =
    Setting.of("redis.max_memory", "2GB", Kinds.size("16MB", "1000GB"));
  static final Setting<Optional<String>> REDIS_ENCRYPTION_SECRET = Setting.secret("redis.encryption_secret",
    Kinds.text("16 to 200 letters, digits and signs without blanks", Pattern.compile("[!-~]{16,200}")).orNothing());

  static final Setting<Optional<Path>> REDIS_TLS_CA = Setting.of("redis.tls.ca", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> REDIS_TLS_CERT = Setting.of("redis.tls.cert", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> REDIS_TLS_KEY = Setting.of("redis.tls.key", "", Kinds.path().orNothing());

  static final Setting<Optional<String>> CLUSTER_HOST = Setting.of("cluster.host", "", Kinds.host().orNothing());
  static final Setting<Integer> CLUSTER_PORT = Setting.of("cluster.port", "5701", Kinds.port());
  static final Setting<Integer> CLUSTER_EVENT_BUS_PORT = Setting.of("cluster.event_bus_port", "15701", Kinds.port());
  static final Setting<List<String>> CLUSTER_MEMBERS = Setting.of("cluster.members", "", Kinds.members());
  static final Setting<Optional<Path>> CLUSTER_FILE = Setting.of("cluster.file", "", Kinds.path().orNothing());

  static final Setting<Boolean> CLUSTER_ANY_INTERFACE = Setting.of("cluster.any_interface", "false", Kinds.yesOrNo());
  static final Setting<Optional<Path>> CLUSTER_TLS_CERT = Setting.of("cluster.tls.cert", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> CLUSTER_TLS_KEY = Setting.of("cluster.tls.key", "", Kinds.path().orNothing());
  static final Setting<Optional<Path>> CLUSTER_TLS_CA = Setting.of("cluster.tls.ca", "", Kinds.path().orNothing());

  /** All of them, in the order of {@code conf/anteroom.yaml}. */
  static final List<Setting<?>> ALL = List.of(
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

  private Keys() {
  }
}
