package io.anteroom.config;

import io.anteroom.config.ConfigOptions.Stage;
import io.anteroom.config.Settings.Bounds;
import io.anteroom.config.Settings.Cluster;
import io.anteroom.config.Settings.Files;
import io.anteroom.config.Settings.Front;
import io.anteroom.config.Settings.Http;
import io.anteroom.config.Settings.Instances;
import io.anteroom.config.Settings.Isolation;
import io.anteroom.config.Settings.Limit;
import io.anteroom.config.Settings.Page;
import io.anteroom.config.Settings.Redis;
import io.anteroom.config.Settings.Session;
import io.anteroom.config.Settings.Storage;
import io.anteroom.config.Settings.Task;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.TlsTrust;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Builds {@link Settings} from the single values. */
final class SettingsBuilder {
  private final OptionValues values;
  private final String machine;

  SettingsBuilder(OptionValues values, String machine) {
    this.values = values;
    this.machine = machine;
  }

  Settings settings() {
    Http http = http();
    String node = values.get(ConfigOptions.NODE).orElse(machine + "-" + http.port());
    return new Settings(node, values.get(ConfigOptions.ROLES), values.get(ConfigOptions.DATA_DIR), http, redis(),
      auth(), files(),
      cluster(), limit(), task(), instances(), session(), page());
  }

  private Http http() {
    return new Http(values.get(ConfigOptions.HTTP_HOST), values.get(ConfigOptions.HTTP_PORT),
      values.get(ConfigOptions.HTTP_ADMIN_HOST),
      values.get(ConfigOptions.HTTP_ADMIN_PORT), values.get(ConfigOptions.HTTP_BODY_LIMIT),
      certificate(ConfigOptions.HTTP_TLS_CERT, ConfigOptions.HTTP_TLS_KEY),
      certificate(ConfigOptions.HTTP_ADMIN_TLS_CERT, ConfigOptions.HTTP_ADMIN_TLS_KEY),
      new Front(values.get(ConfigOptions.HTTP_PUBLIC_URL), values.get(ConfigOptions.HTTP_TRUSTED_PROXIES)),
      new Isolation(values.get(ConfigOptions.ISOLATION_BY), values.get(ConfigOptions.ISOLATION_PORTS)));
  }

  /** {@link TlsValidator} reports one without the other. */
  private Optional<CertificateFiles> certificate(ConfigOption<Optional<Path>> chain, ConfigOption<Optional<Path>> key) {
    return values.get(chain).flatMap(cert -> values.get(key).map(found -> new CertificateFiles(cert, found)));
  }

  private Redis redis() {
    return new Redis(values.get(ConfigOptions.REDIS_URL), values.get(ConfigOptions.REDIS_TYPE),
      values.get(ConfigOptions.REDIS_MASTER),
      values.get(ConfigOptions.REDIS_PORT),
      new TlsTrust(values.get(ConfigOptions.REDIS_TLS_CA), certificate(ConfigOptions.REDIS_TLS_CERT,
      ConfigOptions.REDIS_TLS_KEY)),
      new Storage(values.get(ConfigOptions.REDIS_ENCRYPTION_SECRET), values.get(ConfigOptions.REDIS_MAX_MEMORY),
        values.get(ConfigOptions.DATA_MIN_FREE)));
  }

  private AuthSettings auth() {
    return new AuthSettings(values.get(ConfigOptions.AUTH_MODE), values.get(ConfigOptions.AUTH_OPEN_ON_NETWORK),
      values.get(ConfigOptions.AUTH_LIFETIME), values.get(ConfigOptions.USERS_PASSWORDS), claims(), jwt(), header(),
      oidc(), lti());
  }

  private AuthSettings.Claims claims() {
    return new AuthSettings.Claims(values.get(ConfigOptions.AUTH_USER_CLAIM),
      values.get(ConfigOptions.AUTH_GROUPS_CLAIM),
      values.get(ConfigOptions.AUTH_ROLE_CLAIM), Set.copyOf(values.get(ConfigOptions.AUTH_TEACHER_ROLES)),
      Set.copyOf(values.get(ConfigOptions.AUTH_ADMIN_ROLES)));
  }

  private AuthSettings.Jwt jwt() {
    return new AuthSettings.Jwt(values.get(ConfigOptions.JWT_SECRET), values.get(ConfigOptions.JWT_KEYS),
      values.get(ConfigOptions.JWT_ISSUER),
      values.get(ConfigOptions.JWT_AUDIENCE), values.get(ConfigOptions.JWT_COOKIE));
  }

  private AuthSettings.Header header() {
    return new AuthSettings.Header(values.get(ConfigOptions.HEADER_USER), values.get(ConfigOptions.HEADER_NAME),
      values.get(ConfigOptions.HEADER_GROUPS));
  }

  private AuthSettings.Oidc oidc() {
    return new AuthSettings.Oidc(values.get(ConfigOptions.OIDC_ISSUER), values.get(ConfigOptions.OIDC_CLIENT_ID),
      values.get(ConfigOptions.OIDC_CLIENT_SECRET), values.get(ConfigOptions.OIDC_SCOPES));
  }

  private AuthSettings.Lti lti() {
    return new AuthSettings.Lti(values.get(ConfigOptions.LTI_ISSUER), values.get(ConfigOptions.LTI_CLIENT_ID),
      values.get(ConfigOptions.LTI_LOGIN),
      values.get(ConfigOptions.LTI_KEYS), Set.copyOf(values.get(ConfigOptions.LTI_DEPLOYMENTS)));
  }

  private Files files() {
    return new Files(values.get(ConfigOptions.USERS_FILE), values.get(ConfigOptions.INSTANCES_FILE),
      values.get(ConfigOptions.USERS_NEWCOMERS));
  }

  private Cluster cluster() {
    return new Cluster(values.get(ConfigOptions.CLUSTER_HOST).orElse(""), values.get(ConfigOptions.CLUSTER_PORT),
      values.get(ConfigOptions.CLUSTER_EVENT_BUS_PORT), values.get(ConfigOptions.CLUSTER_MEMBERS),
      values.get(ConfigOptions.CLUSTER_FILE),
      new TlsTrust(values.get(ConfigOptions.CLUSTER_TLS_CA), certificate(ConfigOptions.CLUSTER_TLS_CERT,
      ConfigOptions.CLUSTER_TLS_KEY)));
  }

  /** Reads both limits, so that an error in the one not in force is found too. */
  private Limit limit() {
    int production = values.get(ConfigOptions.LIMIT_CONCURRENT);
    int development = values.get(ConfigOptions.LIMIT_CONCURRENT_TEST);
    int concurrent = values.get(ConfigOptions.ENV) == Stage.DEVELOPMENT ? development : production;
    return new Limit(concurrent, values.get(ConfigOptions.LIMIT_USER_RUNNING),
      values.get(ConfigOptions.LIMIT_USER_WAITING),
      new Bounds(values.get(ConfigOptions.LIMIT_USER_BYTES), values.get(ConfigOptions.LIMIT_BYTES),
        values.get(ConfigOptions.LIMIT_USER_RUNS_PER_SECOND), values.get(ConfigOptions.LIMIT_USER_CHANGES_PER_SECOND),
        values.get(ConfigOptions.HTTP_BODY_MEMORY)));
  }

  private Task task() {
    return new Task(values.get(ConfigOptions.TASK_TIMEOUT), values.get(ConfigOptions.TASK_INTERRUPT_GRACE),
      values.get(ConfigOptions.TASK_POLL_INTERVAL), values.get(ConfigOptions.TASK_MAX_ATTEMPTS),
      values.get(ConfigOptions.TASK_LEASE),
      values.get(ConfigOptions.TASK_POST_TIMEOUT), values.get(ConfigOptions.TASK_GRACE),
      values.get(ConfigOptions.TASK_KEEP_ENDED));
  }

  private Instances instances() {
    return new Instances(values.get(ConfigOptions.INSTANCE_CONNECT_TIMEOUT),
      values.get(ConfigOptions.INSTANCE_IDLE_TIMEOUT),
      values.get(ConfigOptions.INSTANCE_PROBE_INTERVAL), values.get(ConfigOptions.INSTANCE_GIVE_UP),
      values.get(ConfigOptions.INSTANCE_MAX_BACKOFF),
      values.get(ConfigOptions.INSTANCE_CONNECTIONS), new TlsTrust(values.get(ConfigOptions.INSTANCE_TLS_CA),
      Optional.empty()),
      values.get(ConfigOptions.INSTANCE_GUARD_SECRET));
  }

  private Session session() {
    return new Session(values.get(ConfigOptions.SESSION_GRACE));
  }

  private Page page() {
    return new Page(values.get(ConfigOptions.QUEUE_POLL_INTERVAL), values.get(ConfigOptions.PAGE_INJECTION));
  }
}
