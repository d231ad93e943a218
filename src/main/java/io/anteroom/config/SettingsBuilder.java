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

/** Puts the single answers together to {@link Settings}. */
final class SettingsBuilder {
  private final OptionValues answers;
  private final String machine;

  SettingsBuilder(OptionValues answers, String machine) {
    this.answers = answers;
    this.machine = machine;
  }

  Settings settings() {
    Http http = http();
    String node = answers.get(ConfigOptions.NODE).orElse(machine + "-" + http.port());
    return new Settings(node, answers.get(ConfigOptions.ROLES), answers.get(ConfigOptions.DATA_DIR), http, redis(),
      auth(), files(),
      cluster(), limit(), task(), instances(), session(), page());
  }

  private Http http() {
    return new Http(answers.get(ConfigOptions.HTTP_HOST), answers.get(ConfigOptions.HTTP_PORT),
      answers.get(ConfigOptions.HTTP_ADMIN_HOST),
      answers.get(ConfigOptions.HTTP_ADMIN_PORT), answers.get(ConfigOptions.HTTP_BODY_LIMIT),
      certificate(ConfigOptions.HTTP_TLS_CERT, ConfigOptions.HTTP_TLS_KEY),
      certificate(ConfigOptions.HTTP_ADMIN_TLS_CERT, ConfigOptions.HTTP_ADMIN_TLS_KEY),
      new Front(answers.get(ConfigOptions.HTTP_PUBLIC_URL), answers.get(ConfigOptions.HTTP_TRUSTED_PROXIES)),
      new Isolation(answers.get(ConfigOptions.ISOLATION_BY), answers.get(ConfigOptions.ISOLATION_PORTS)));
  }

  /** Half of one is complained of elsewhere. */
  private Optional<CertificateFiles> certificate(ConfigOption<Optional<Path>> chain, ConfigOption<Optional<Path>> key) {
    return answers.get(chain).flatMap(cert -> answers.get(key).map(found -> new CertificateFiles(cert, found)));
  }

  private Redis redis() {
    return new Redis(answers.get(ConfigOptions.REDIS_URL), answers.get(ConfigOptions.REDIS_TYPE),
      answers.get(ConfigOptions.REDIS_MASTER),
      answers.get(ConfigOptions.REDIS_PORT),
      new TlsTrust(answers.get(ConfigOptions.REDIS_TLS_CA), certificate(ConfigOptions.REDIS_TLS_CERT,
      ConfigOptions.REDIS_TLS_KEY)),
      new Storage(answers.get(ConfigOptions.REDIS_ENCRYPTION_SECRET), answers.get(ConfigOptions.REDIS_MAX_MEMORY),
        answers.get(ConfigOptions.DATA_MIN_FREE)));
  }

  private AuthSettings auth() {
    return new AuthSettings(answers.get(ConfigOptions.AUTH_MODE), answers.get(ConfigOptions.AUTH_OPEN_ON_NETWORK),
      answers.get(ConfigOptions.AUTH_LIFETIME), answers.get(ConfigOptions.USERS_PASSWORDS), claims(), jwt(), header(),
      oidc(), lti());
  }

  private AuthSettings.Claims claims() {
    return new AuthSettings.Claims(answers.get(ConfigOptions.AUTH_USER_CLAIM),
      answers.get(ConfigOptions.AUTH_GROUPS_CLAIM),
      answers.get(ConfigOptions.AUTH_ROLE_CLAIM), Set.copyOf(answers.get(ConfigOptions.AUTH_TEACHER_ROLES)),
      Set.copyOf(answers.get(ConfigOptions.AUTH_ADMIN_ROLES)));
  }

  private AuthSettings.Jwt jwt() {
    return new AuthSettings.Jwt(answers.get(ConfigOptions.JWT_SECRET), answers.get(ConfigOptions.JWT_KEYS),
      answers.get(ConfigOptions.JWT_ISSUER),
      answers.get(ConfigOptions.JWT_AUDIENCE), answers.get(ConfigOptions.JWT_COOKIE));
  }

  private AuthSettings.Header header() {
    return new AuthSettings.Header(answers.get(ConfigOptions.HEADER_USER), answers.get(ConfigOptions.HEADER_NAME),
      answers.get(ConfigOptions.HEADER_GROUPS));
  }

  private AuthSettings.Oidc oidc() {
    return new AuthSettings.Oidc(answers.get(ConfigOptions.OIDC_ISSUER), answers.get(ConfigOptions.OIDC_CLIENT_ID),
      answers.get(ConfigOptions.OIDC_CLIENT_SECRET), answers.get(ConfigOptions.OIDC_SCOPES));
  }

  private AuthSettings.Lti lti() {
    return new AuthSettings.Lti(answers.get(ConfigOptions.LTI_ISSUER), answers.get(ConfigOptions.LTI_CLIENT_ID),
      answers.get(ConfigOptions.LTI_LOGIN),
      answers.get(ConfigOptions.LTI_KEYS), Set.copyOf(answers.get(ConfigOptions.LTI_DEPLOYMENTS)));
  }

  private Files files() {
    return new Files(answers.get(ConfigOptions.USERS_FILE), answers.get(ConfigOptions.INSTANCES_FILE),
      answers.get(ConfigOptions.USERS_NEWCOMERS));
  }

  private Cluster cluster() {
    return new Cluster(answers.get(ConfigOptions.CLUSTER_HOST).orElse(""), answers.get(ConfigOptions.CLUSTER_PORT),
      answers.get(ConfigOptions.CLUSTER_EVENT_BUS_PORT), answers.get(ConfigOptions.CLUSTER_MEMBERS),
      answers.get(ConfigOptions.CLUSTER_FILE),
      new TlsTrust(answers.get(ConfigOptions.CLUSTER_TLS_CA), certificate(ConfigOptions.CLUSTER_TLS_CERT,
      ConfigOptions.CLUSTER_TLS_KEY)));
  }

  /** Reads both limits, so that a mistake in the one not in force is found before it is. */
  private Limit limit() {
    int production = answers.get(ConfigOptions.LIMIT_CONCURRENT);
    int development = answers.get(ConfigOptions.LIMIT_CONCURRENT_TEST);
    int concurrent = answers.get(ConfigOptions.ENV) == Stage.DEVELOPMENT ? development : production;
    return new Limit(concurrent, answers.get(ConfigOptions.LIMIT_USER_RUNNING),
      answers.get(ConfigOptions.LIMIT_USER_WAITING),
      new Bounds(answers.get(ConfigOptions.LIMIT_USER_BYTES), answers.get(ConfigOptions.LIMIT_BYTES),
        answers.get(ConfigOptions.LIMIT_USER_RUNS_PER_SECOND), answers.get(ConfigOptions.LIMIT_USER_CHANGES_PER_SECOND),
        answers.get(ConfigOptions.HTTP_BODY_MEMORY)));
  }

  private Task task() {
    return new Task(answers.get(ConfigOptions.TASK_TIMEOUT), answers.get(ConfigOptions.TASK_INTERRUPT_GRACE),
      answers.get(ConfigOptions.TASK_POLL_INTERVAL), answers.get(ConfigOptions.TASK_MAX_ATTEMPTS),
      answers.get(ConfigOptions.TASK_LEASE),
      answers.get(ConfigOptions.TASK_POST_TIMEOUT), answers.get(ConfigOptions.TASK_GRACE),
      answers.get(ConfigOptions.TASK_KEEP_ENDED));
  }

  private Instances instances() {
    return new Instances(answers.get(ConfigOptions.INSTANCE_CONNECT_TIMEOUT),
      answers.get(ConfigOptions.INSTANCE_IDLE_TIMEOUT),
      answers.get(ConfigOptions.INSTANCE_PROBE_INTERVAL), answers.get(ConfigOptions.INSTANCE_GIVE_UP),
      answers.get(ConfigOptions.INSTANCE_MAX_BACKOFF),
      answers.get(ConfigOptions.INSTANCE_CONNECTIONS), new TlsTrust(answers.get(ConfigOptions.INSTANCE_TLS_CA),
      Optional.empty()),
      answers.get(ConfigOptions.INSTANCE_GUARD_SECRET));
  }

  private Session session() {
    return new Session(answers.get(ConfigOptions.SESSION_GRACE));
  }

  private Page page() {
    return new Page(answers.get(ConfigOptions.QUEUE_POLL_INTERVAL), answers.get(ConfigOptions.PAGE_INJECTION));
  }
}
