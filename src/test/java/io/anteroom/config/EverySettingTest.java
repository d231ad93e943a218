package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every setting that there is acts. First it reaches its own place in {@link Settings} and no other; then a test that
 * is named here sets it to something else and sees what it does. A setting without both fails this test.
 */
class EverySettingTest {
  private static final Path TESTS = Path.of("src", "test", "java");
  @TempDir
  private static Path folder;
  private static Map<String, Case> cases;

  /**
   * How one setting is tried.
   *
   * @param other another text than the default
   * @param with  other settings that it needs, as texts
   * @param place in {@link Settings}; empty for the one that its key means
   * @param seen  the test that sees it act, {@code io.anteroom.SomeIT#aMethod}
   */
  private record Case(String key, String other, Map<String, String> with, String place, String seen) {
    String setting() {
      return place.isEmpty() ? key.replaceFirst("^instance\\.", "instances.") : place;
    }
  }

  /** Rows of key, other value, the test that sees it, and where its key does not say it the place. */
  private static final String TABLE = """
    node | other-node | node.SettingsIT#theNodesNameIsTold |
    roles | edge | node.TlsSettingsIT#aNodeDoesOnlyItsRoles |
    env | development | node.SettingsIT#theLimitsAreInTheStore | limit.concurrent
    data.dir | elsewhere | DemoIT#* | dataDir
    data.min_free | 2GB | node.StoreSettingsIT#aDiskIsShortBelowItsBound | redis.storage.minFree
    http.host | 127.0.0.3 | node.SettingsIT#itListensWhereItShould |
    http.port | 9000 | node.SettingsIT#itListensWhereItShould |
    http.admin_host | 127.0.0.3 | node.SettingsIT#itListensWhereItShould |
    http.admin_port | 9001 | node.SettingsIT#itListensWhereItShould |
    http.body_limit | 2MB | node.SettingsIT#aBodyOverTheLimitIsRefused |
    http.body_memory | 1MB | node.TlsSettingsIT#noBodyIsLargerThanTheMemoryForBodies | limit.bounds.bodyMemory
    http.public_url | https://a.example | node.SettingsIT#aSignInLastsAsLongAsIsSaid | http.front.publicUrl
    http.trusted_proxies | 10.0.0.1 | node.SettingsIT#theProxysHeadersSayWhoAsks | http.front.trustedProxies
    http.tls.cert | COPY.pem | node.TlsSettingsIT#bothPortsShowTheirCertificates | http.tls.chain
    http.tls.key | COPY.key | node.TlsSettingsIT#bothPortsShowTheirCertificates |
    http.admin_tls.cert | COPY.pem | node.TlsSettingsIT#bothPortsShowTheirCertificates | http.adminTls.chain
    http.admin_tls.key | COPY.key | node.TlsSettingsIT#bothPortsShowTheirCertificates |
    isolation.by | port | edge.proxy.RootAddressIT#* | http.isolation
    isolation.ports | 8301-8302 | edge.proxy.RootAddressIT#* | http.isolation.ports
    auth.mode | header | node.SettingsIT#theProxysHeadersSayWhoAsks | auth.ways
    auth.open_on_network | true | config.SettingsValidatorTest#* |
    auth.lifetime | 1h | node.SettingsIT#aSignInLastsAsLongAsIsSaid |
    auth.user_claim | uid | node.SettingsIT#theClaimsSayWhoAsks | auth.claims.user
    auth.groups_claim | grp | node.SettingsIT#theClaimsSayWhoAsks | auth.claims.groups
    auth.role_claim | rl | node.SettingsIT#theClaimsSayWhoAsks | auth.claims.role
    auth.teacher_roles | prof | node.SettingsIT#theClaimsSayWhoAsks | auth.claims.teachers
    auth.admin_roles | boss | node.SettingsIT#theClaimsSayWhoAsks | auth.claims.admins
    jwt.secret | SECRET | node.TlsSettingsIT#aSecretProvesATokenToo | auth.jwt.secret
    jwt.keys | keys.json | node.SettingsIT#theClaimsSayWhoAsks | auth.jwt.keys
    jwt.issuer | other | node.SettingsIT#theClaimsSayWhoAsks | auth.jwt.issuer
    jwt.audience | other | node.SettingsIT#theClaimsSayWhoAsks | auth.jwt.audience
    jwt.cookie | other | node.SettingsIT#theClaimsSayWhoAsks | auth.jwt.cookie
    header.user | X-Who | node.SettingsIT#theProxysHeadersSayWhoAsks | auth.header.user
    header.name | X-Name | node.SettingsIT#theProxysHeadersSayWhoAsks | auth.header.name
    header.groups | X-Groups | node.SettingsIT#theProxysHeadersSayWhoAsks | auth.header.groups
    oidc.issuer | https://b.example | edge.auth.oidc.OidcSignInTest#signInReturnsToTheWantedPage | auth.oidc.issuer
    oidc.client_id | other | edge.auth.oidc.OidcSignInTest#signInReturnsToTheWantedPage | auth.oidc.clientId
    oidc.client_secret | other | edge.auth.oidc.OidcSignInTest#signInReturnsToTheWantedPage | auth.oidc.clientSecret
    oidc.scopes | openid,email | edge.auth.oidc.OidcSignInTest#theScopesAreAskedFor | auth.oidc.scopes
    lti.issuer | https://b.example | edge.auth.lti.LtiSignInTest#* | auth.lti.issuer
    lti.client_id | other | edge.auth.lti.LtiSignInTest#* | auth.lti.clientId
    lti.login | https://b.example | edge.auth.lti.LtiSignInTest#* | auth.lti.login
    lti.keys | https://b.example | edge.auth.lti.LtiSignInTest#* | auth.lti.keys
    lti.deployments | 1,2 | edge.auth.lti.LtiSignInTest#* | auth.lti.deployments
    users.file | other.csv | SignInCommandsTest#* | files.users
    users.passwords | passwords | SignInCommandsTest#* | auth.passwords
    users.newcomers | pool | node.SettingsIT#whoIsNotListedIsANewcomer | files.newcomers
    instances.file | other.csv | doctor.DoctorIT#* | files.instances
    limit.concurrent | 7 | node.TlsSettingsIT#theLimitOfProductionIsInForce |
    limit.concurrent_test | 5 | node.SettingsIT#theLimitsAreInTheStore | limit.concurrent
    limit.user_running | 2 | node.SettingsIT#theLimitsAreInTheStore |
    limit.user_waiting | 3 | node.SettingsIT#whoWaitsTooOftenIsRefused |
    limit.user_bytes | 3MB | node.SettingsIT#whatWaitsHasABoundOfBytes | limit.bounds.userBytes
    limit.bytes | 1500MB | node.SettingsIT#whatWaitsHasABoundOfBytes | limit.bounds.bytes
    limit.user_runs_per_second | 1 | node.SettingsIT#runsAndChangesHaveARate | limit.bounds.userRunsPerSecond
    limit.user_changes_per_second | 4 | node.SettingsIT#runsAndChangesHaveARate | limit.bounds.userChangesPerSecond
    task.timeout | 9m | acceptance.TrapsIT#* |
    task.interrupt_grace | 9s | support.cluster.WholeNode |
    task.poll_interval | 9s | support.cluster.WholeNode |
    task.max_attempts | 7 | dispatch.faults.IllInstanceIT#* |
    task.lease | 19s | node.SettingsIT#theLimitsAreInTheStore |
    task.post_timeout | 9s | acceptance.KilledNodesIT#* |
    task.grace | 9s | acceptance.KilledNodesIT#* |
    task.keep_ended | 9m | node.SettingsIT#theLimitsAreInTheStore |
    instance.connect_timeout | 400ms | node.SettingsIT#anInstanceThatTakesNoConnectionIsGivenUp |
    instance.idle_timeout | 2s | node.SettingsIT#anInstanceThatDoesNotAnswerIsGivenUp |
    instance.probe_interval | 9s | support.cluster.WholeNode |
    instance.give_up | 9m | dispatch.faults.IllInstanceIT#* |
    instance.max_backoff | 9s | node.SettingsIT#theLimitsAreInTheStore |
    instance.connections | 2 | node.SettingsIT#moreThanItsConnectionsWait |
    instance.guard_secret | 0123456789abcdef | node.SettingsIT#runsCarryTheGuardsProof |
    instance.tls.ca | CA | acceptance.TlsInstanceIT#* | instances.trust.authority
    session.grace | 1s | node.SettingsIT#aSessionIsForgottenAfterItsGrace |
    queue.poll_interval | 7s | node.SettingsIT#thePageIsToldHowOftenToPoll | page.pollInterval
    page.injection | false | node.SettingsIT#withoutInjectionThePageIsAsItIs |
    redis.url | redis://db:6379 | node.RefusedByStoreIT#* |
    redis.type | sentinel | acceptance.FailoverIT#* |
    redis.master | other | acceptance.FailoverIT#* |
    redis.port | 6399 | node.TakenPortIT#* |
    redis.max_memory | 3GB | node.StoreSettingsIT#theEmbeddedRedisHasItsMemory | redis.storage.maxMemory
    redis.encryption_secret | SECRET | node.StoreSettingsIT#theSecretThatIsSetEncrypts | redis.storage.secret
    redis.tls.ca | CA | redis.RedisTlsIT#* | redis.tls.authority
    redis.tls.cert | COPY.pem | redis.RedisTlsIT#* | redis.tls.own.chain
    redis.tls.key | COPY.key | redis.RedisTlsIT#* | redis.tls.own.key
    cluster.host | 127.0.0.2 | node.SettingsIT#itListensWhereItShould |
    cluster.port | 5999 | node.SettingsIT#itListensWhereItShould |
    cluster.event_bus_port | 15999 | node.SettingsIT#itListensWhereItShould |
    cluster.members | a:1,b:2 | support.cluster.TestCluster |
    cluster.file | other.xml | node.SettingsIT#theFileOfTheClusterIsRead |
    cluster.any_interface | true | config.EverySettingTest#everyInterfaceNeedsToBeMeant | NONE
    cluster.tls.cert | COPY.pem | node.SettingsIT#theEventBusShowsItsCertificate | cluster.tls.own.chain
    cluster.tls.key | COPY.key | node.SettingsIT#theEventBusShowsItsCertificate | cluster.tls.own.key
    cluster.tls.ca | COPY.ca | node.SettingsIT#theEventBusShowsItsCertificate | cluster.tls.authority
    """;

  @BeforeAll
  static void prepare() throws IOException {
    TestAuthority lab = new TestAuthority("lab", folder);
    Issued issued = lab.issue("own");
    Files.copy(issued.chain(), folder.resolve("copy.pem"));
    Files.copy(issued.key(), folder.resolve("copy.key"));
    Files.copy(lab.file(), folder.resolve("copy.ca"));
    cases = new LinkedHashMap<>();
    TABLE.lines().map(line -> line.split("\\|", -1)).forEach(row -> {
      String key = row[0].strip();
      Case one = new Case(key, value(row[1].strip()), with(key, issued, lab), row[3].strip(), row[2].strip());
      assertThat(cases.put(key, one)).as("twice: " + key).isNull();
    });
  }

  private static String value(String text) {
    return switch (text) {
      case "SECRET" -> "0123456789".repeat(4);
      case "CA" -> folder.resolve("lab.pem").toString();
      case "COPY.pem", "COPY.key", "COPY.ca" -> folder.resolve(text.toLowerCase(Locale.ROOT)).toString();
      default -> text;
    };
  }

  /** What a setting needs beside it. */
  private static Map<String, String> with(String key, Issued issued, TestAuthority lab) {
    Map<String, String> with = new HashMap<>(Map.of("node", "lab", "instances.file", "conf/instances.csv"));
    String section = key.replaceFirst("\\.[^.]+$", "");
    if (section.endsWith("tls") && !key.endsWith(".ca") || section.equals("cluster.tls")) {
      with.put(section + ".cert", issued.chain().toString());
      with.put(section + ".key", issued.key().toString());
    }
    if (section.equals("cluster.tls")) {
      with.put("cluster.tls.ca", lab.file().toString());
    }
    if (section.equals("redis.tls")) {
      with.put("redis.url", "rediss://db:6379");
    }
    if (section.equals("isolation")) {
      with.putAll(Map.of("auth.mode", "users", "users.passwords", "passwords", "isolation.ports", "8201-8202"));
      if (key.equals("isolation.ports")) {
        with.put("isolation.by", "port");
      }
    }
    if (key.equals("limit.concurrent_test")) {
      with.put("env", "development");
    }
    return with;
  }

  static Stream<String> keys() {
    return ConfigOptions.ALL.stream().map(ConfigOption::key);
  }

  @Test
  void everySettingHasItsCase() {
    assertThat(cases.keySet()).containsExactlyInAnyOrderElementsOf(keys().toList());
  }

  /** Two that are swapped on their way, and one that is read by nobody, are noticed here. */
  @ParameterizedTest
  @MethodSource("keys")
  void aSettingReachesItsOwnPlaceAndNoOther(String key) {
    Case tried = cases.get(key);
    Map<String, String> other = new HashMap<>(tried.with());
    other.put(key, tried.other());

    Map<String, Object> before = leaves(load(tried.with()));
    Map<String, Object> after = leaves(load(other));

    List<String> changed = Stream.concat(before.keySet().stream(), after.keySet().stream()).distinct()
      .filter(leaf -> !before.getOrDefault(leaf, "absent").equals(after.getOrDefault(leaf, "absent"))).toList();
    if (tried.place().equals("NONE")) {
      assertThat(changed).isEmpty();
    } else {
      assertThat(changed).isNotEmpty().allMatch(leaf -> plain(leaf).startsWith(plain(tried.setting())));
    }
  }

  @Test
  void everyInterfaceNeedsToBeMeant() {
    assertThatThrownBy(() -> load(Map.of("cluster.host", "0.0.0.0"))).isInstanceOf(InvalidSettingsException.class);
    assertThat(load(Map.of("cluster.host", "0.0.0.0", "cluster.any_interface", "true")).cluster().host())
      .isEqualTo("0.0.0.0");
  }

  /** That the test is there, and gives the setting a value. */
  @ParameterizedTest
  @MethodSource("keys")
  void aTestSeesItAct(String key) throws IOException, ClassNotFoundException {
    String seen = cases.get(key).seen();
    String type = "io.anteroom." + seen.replaceFirst("#.*", "");
    String method = seen.replaceFirst("^[^#]*#?", "");
    Class<?> test = Class.forName(type);
    if (!method.isEmpty() && !method.equals("*")) {
      assertThat(Arrays.stream(test.getDeclaredMethods()).filter(one -> isTest(one)).map(Method::getName))
        .contains(method);
    }

    assertThat(sources(test)).as(type).containsAnyOf(
      ConfigOptions.ALL.stream().filter(setting -> setting.key().equals(key)).findFirst().orElseThrow().variable(),
      "\"" + key + "\"");
  }

  private static boolean isTest(Method method) {
    return Arrays.stream(method.getAnnotations()).map(one -> one.annotationType().getSimpleName())
      .anyMatch(name -> name.equals("Test") || name.equals("ParameterizedTest"));
  }

  /** The text of a class and of those that it extends. */
  private static String sources(Class<?> test) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Class<?> type = test; type != null && type != Object.class; type = type.getSuperclass()) {
      text.append(Files.readString(TESTS.resolve(type.getName().replace('.', '/') + ".java")));
    }
    return text.toString();
  }

  private static Settings load(Map<String, String> settings) {
    Map<String, String> environment = settings.entrySet().stream().collect(Collectors.toMap(
      one -> "ANTEROOM_" + one.getKey().replace('.', '_').toUpperCase(Locale.ROOT), Map.Entry::getValue));
    return ConfigLoader.load(Optional.empty(), environment).settings();
  }

  private static String plain(String name) {
    return name.replaceAll("[_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** All values of a tree of records by their way through it. */
  private static Map<String, Object> leaves(Record root) {
    Map<String, Object> found = new TreeMap<>();
    collect("", root, found);
    return found;
  }

  private static void collect(String path, Object value, Map<String, Object> found) {
    Object inner = value instanceof Optional<?> optional && optional.orElse(null) instanceof Record held ? held : value;
    if (inner instanceof Record record && record.getClass().getName().startsWith("io.anteroom")) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        collect(path.isEmpty() ? component.getName() : path + "." + component.getName(), get(component, record), found);
      }
    } else {
      found.put(path, inner);
    }
  }

  private static Object get(RecordComponent component, Record record) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException failure) {
      throw new AssertionError(failure);
    }
  }
}
