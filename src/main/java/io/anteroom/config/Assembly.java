package io.anteroom.config;

import io.anteroom.config.Keys.Stage;
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
import io.anteroom.config.tls.Trust;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Puts the single answers together to {@link Settings}. */
final class Assembly {
  private final Answers answers;
  private final String machine;

  Assembly(Answers answers, String machine) {
    this.answers = answers;
    this.machine = machine;
  }

  Settings settings() {
    Http http = http();
    String node = answers.get(Keys.NODE).orElse(machine + "-" + http.port());
    return new Settings(node, answers.get(Keys.ROLES), answers.get(Keys.DATA_DIR), http, redis(), auth(), files(),
      cluster(), limit(), task(), instances(), session(), page());
  }

  private Http http() {
    return new Http(answers.get(Keys.HTTP_HOST), answers.get(Keys.HTTP_PORT), answers.get(Keys.HTTP_ADMIN_HOST),
      answers.get(Keys.HTTP_ADMIN_PORT), answers.get(Keys.HTTP_BODY_LIMIT),
      certificate(Keys.HTTP_TLS_CERT, Keys.HTTP_TLS_KEY),
      certificate(Keys.HTTP_ADMIN_TLS_CERT, Keys.HTTP_ADMIN_TLS_KEY),
      new Front(answers.get(Keys.HTTP_PUBLIC_URL), answers.get(Keys.HTTP_TRUSTED_PROXIES)),
      new Isolation(answers.get(Keys.ISOLATION_BY), answers.get(Keys.ISOLATION_PORTS)));
  }

  /** Half of one is complained of elsewhere. */
  private Optional<CertificateFiles> certificate(Setting<Optional<Path>> chain, Setting<Optional<Path>> key) {
    return answers.get(chain).flatMap(cert -> answers.get(key).map(found -> new CertificateFiles(cert, found)));
  }

  private Redis redis() {
    return new Redis(answers.get(Keys.REDIS_URL), answers.get(Keys.REDIS_TYPE), answers.get(Keys.REDIS_MASTER),
      answers.get(Keys.REDIS_PORT),
      new Trust(answers.get(Keys.REDIS_TLS_CA), certificate(Keys.REDIS_TLS_CERT, Keys.REDIS_TLS_KEY)),
      new Storage(answers.get(Keys.REDIS_ENCRYPTION_SECRET), answers.get(Keys.REDIS_MAX_MEMORY),
        answers.get(Keys.DATA_MIN_FREE)));
  }

  private Auth auth() {
    return new Auth(answers.get(Keys.AUTH_MODE), answers.get(Keys.AUTH_OPEN_ON_NETWORK),
      answers.get(Keys.AUTH_LIFETIME), answers.get(Keys.USERS_PASSWORDS), claims(), jwt(), header(), oidc(), lti());
  }

  private Auth.Claims claims() {
    return new Auth.Claims(answers.get(Keys.AUTH_USER_CLAIM), answers.get(Keys.AUTH_GROUPS_CLAIM),
      answers.get(Keys.AUTH_ROLE_CLAIM), Set.copyOf(answers.get(Keys.AUTH_TEACHER_ROLES)),
      Set.copyOf(answers.get(Keys.AUTH_ADMIN_ROLES)));
  }

  private Auth.Jwt jwt() {
    return new Auth.Jwt(answers.get(Keys.JWT_SECRET), answers.get(Keys.JWT_KEYS), answers.get(Keys.JWT_ISSUER),
      answers.get(Keys.JWT_AUDIENCE), answers.get(Keys.JWT_COOKIE));
  }

  private Auth.Header header() {
    return new Auth.Header(answers.get(Keys.HEADER_USER), answers.get(Keys.HEADER_NAME),
      answers.get(Keys.HEADER_GROUPS));
  }

  private Auth.Oidc oidc() {
    return new Auth.Oidc(answers.get(Keys.OIDC_ISSUER), answers.get(Keys.OIDC_CLIENT_ID),
      answers.get(Keys.OIDC_CLIENT_SECRET), answers.get(Keys.OIDC_SCOPES));
  }

  private Auth.Lti lti() {
    return new Auth.Lti(answers.get(Keys.LTI_ISSUER), answers.get(Keys.LTI_CLIENT_ID), answers.get(Keys.LTI_LOGIN),
      answers.get(Keys.LTI_KEYS), Set.copyOf(answers.get(Keys.LTI_DEPLOYMENTS)));
  }

  private Files files() {
    return new Files(answers.get(Keys.USERS_FILE), answers.get(Keys.INSTANCES_FILE),
      answers.get(Keys.USERS_NEWCOMERS));
  }

  private Cluster cluster() {
    return new Cluster(answers.get(Keys.CLUSTER_HOST).orElse(""), answers.get(Keys.CLUSTER_PORT),
      answers.get(Keys.CLUSTER_EVENT_BUS_PORT), answers.get(Keys.CLUSTER_MEMBERS), answers.get(Keys.CLUSTER_FILE),
      new Trust(answers.get(Keys.CLUSTER_TLS_CA), certificate(Keys.CLUSTER_TLS_CERT, Keys.CLUSTER_TLS_KEY)));
  }

  /** Reads both limits, so that a mistake in the one not in force is found before it is. */
  private Limit limit() {
    int production = answers.get(Keys.LIMIT_CONCURRENT);
    int development = answers.get(Keys.LIMIT_CONCURRENT_TEST);
    int concurrent = answers.get(Keys.ENV) == Stage.DEVELOPMENT ? development : production;
    return new Limit(concurrent, answers.get(Keys.LIMIT_USER_RUNNING), answers.get(Keys.LIMIT_USER_WAITING),
      new Bounds(answers.get(Keys.LIMIT_USER_BYTES), answers.get(Keys.LIMIT_BYTES),
        answers.get(Keys.LIMIT_USER_RUNS_PER_SECOND), answers.get(Keys.LIMIT_USER_CHANGES_PER_SECOND),
        answers.get(Keys.HTTP_BODY_MEMORY)));
  }

  private Task task() {
    return new Task(answers.get(Keys.TASK_TIMEOUT), answers.get(Keys.TASK_INTERRUPT_GRACE),
      answers.get(Keys.TASK_POLL_INTERVAL), answers.get(Keys.TASK_MAX_ATTEMPTS), answers.get(Keys.TASK_LEASE),
      answers.get(Keys.TASK_POST_TIMEOUT), answers.get(Keys.TASK_GRACE), answers.get(Keys.TASK_KEEP_ENDED));
  }

  private Instances instances() {
    return new Instances(answers.get(Keys.INSTANCE_CONNECT_TIMEOUT), answers.get(Keys.INSTANCE_IDLE_TIMEOUT),
      answers.get(Keys.INSTANCE_PROBE_INTERVAL), answers.get(Keys.INSTANCE_GIVE_UP),
      answers.get(Keys.INSTANCE_MAX_BACKOFF),
      answers.get(Keys.INSTANCE_CONNECTIONS), new Trust(answers.get(Keys.INSTANCE_TLS_CA), Optional.empty()),
      answers.get(Keys.INSTANCE_GUARD_SECRET));
  }

  private Session session() {
    return new Session(answers.get(Keys.SESSION_GRACE));
  }

  private Page page() {
    return new Page(answers.get(Keys.QUEUE_POLL_INTERVAL), answers.get(Keys.PAGE_INJECTION));
  }
}
