package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.simulator.Simulator;
import io.anteroom.support.FreePorts;
import io.anteroom.support.Workflows;
import io.anteroom.support.cluster.Host;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.OddInstances;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes whose settings are all other ones than the defaults: each is seen to act. */
class SettingsIT {
  private static final Host HERE = new Host("127.0.0.3", List.of());
  private static final Path FOLDER = TestRedis.freshDirectory().getParent().toAbsolutePath();
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient HTTP =
    VERTX.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(200));
  private static final TokenIssuer ISSUER = TokenIssuer.ec("school");
  private static final Simulator SIMULATOR = new Simulator(VERTX, Simulator.Options.of(1));
  private static final OddInstances ODD = new OddInstances(VERTX);
  private static final int CLUSTER_PORT = FreePorts.next();
  private static final int BUS_PORT = FreePorts.next();
  private static TestAuthority authority;
  private static TestRedis redis;
  private static NodeProcess node;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(FOLDER);
    authority = new TestAuthority("lab", FOLDER);
    redis = TestRedis.start();
    done(SIMULATOR.start());
    Files.writeString(FOLDER.resolve("instances.csv"), "instance,url,pool,slots\n"
      + "comfy,%s,,\nfull,http://127.0.0.1:%d,,\nsilent,http://127.0.0.1:%d,,\nspy,http://127.0.0.1:%d,,\n".formatted(
        SIMULATOR.instances().get(0).url(), ODD.full(), ODD.silent(), ODD.spy()));
    Files.writeString(FOLDER.resolve("users.csv"), "username,display_name,group,role,instance\n"
      + "s1,Student 1,class,student,comfy\ns2,,class,student,comfy\nfull,,,student,full\nsilent,,,student,silent\n"
      + "silent2,,,student,silent\nsilent3,,,student,silent\nsilent4,,,student,silent\n"
      + "spy,,,student,spy\ntess,,other,teacher,\n");
    Files.writeString(FOLDER.resolve("passwords"), "s1:%s\n".formatted(PasswordHash.of("correct horse")));
    Files.writeString(FOLDER.resolve("keys.json"), ISSUER.jwks());
    Files.copy(Path.of("cluster.xml"), FOLDER.resolve("other-cluster.xml"));
    node = NodeProcess.start("start", "settings-" + CLUSTER_PORT, settings(), HERE);
    node.awaitReady();
  }

  private static Map<String, String> settings() {
    Issued bus = authority.issue("bus");
    Map<String, String> all = new HashMap<>(files());
    all.putAll(Map.of("ANTEROOM_HTTP_HOST", "127.0.0.3", "ANTEROOM_HTTP_ADMIN_HOST", "127.0.0.3",
      "ANTEROOM_HTTP_PORT", String.valueOf(FreePorts.next()),
      "ANTEROOM_HTTP_ADMIN_PORT", String.valueOf(FreePorts.next()), "ANTEROOM_HTTP_BODY_LIMIT", "1MB",
      "ANTEROOM_HTTP_PUBLIC_URL", "https://comfy.example",
      "ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1", "ANTEROOM_ENV", "development",
      "ANTEROOM_REDIS_URL", redis.access().urls().get(0)));
    all.putAll(Map.of("ANTEROOM_AUTH_MODE", "header,jwt,users", "ANTEROOM_AUTH_LIFETIME", "1h",
      "ANTEROOM_AUTH_USER_CLAIM", "uid", "ANTEROOM_AUTH_GROUPS_CLAIM", "grp", "ANTEROOM_AUTH_ROLE_CLAIM", "rl",
      "ANTEROOM_AUTH_TEACHER_ROLES", "prof", "ANTEROOM_AUTH_ADMIN_ROLES", "boss",
      "ANTEROOM_HEADER_USER", "X-Who", "ANTEROOM_HEADER_NAME", "X-Name", "ANTEROOM_HEADER_GROUPS", "X-Groups"));
    all.putAll(Map.of("ANTEROOM_JWT_KEYS", FOLDER.resolve("keys.json").toString(), "ANTEROOM_JWT_ISSUER", "school",
      "ANTEROOM_JWT_AUDIENCE", "lab", "ANTEROOM_JWT_COOKIE", "school_token", "ANTEROOM_USERS_NEWCOMERS", "comfy",
      "ANTEROOM_PAGE_INJECTION", "false", "ANTEROOM_QUEUE_POLL_INTERVAL", "7s", "ANTEROOM_SESSION_GRACE", "1s"));
    all.putAll(Map.of("ANTEROOM_LIMIT_CONCURRENT_TEST", "5", "ANTEROOM_LIMIT_USER_RUNNING", "2",
      "ANTEROOM_LIMIT_USER_WAITING", "3", "ANTEROOM_TASK_LEASE", "19s", "ANTEROOM_TASK_KEEP_ENDED", "9m",
      "ANTEROOM_INSTANCE_CONNECT_TIMEOUT", "400ms", "ANTEROOM_INSTANCE_IDLE_TIMEOUT", "2s",
      "ANTEROOM_INSTANCE_MAX_BACKOFF", "9s", "ANTEROOM_INSTANCE_CONNECTIONS", "2",
      "ANTEROOM_INSTANCE_GUARD_SECRET", "0123456789abcdef"));
    all.putAll(Map.of("ANTEROOM_LIMIT_USER_BYTES", "1MB", "ANTEROOM_LIMIT_BYTES", "2MB",
      "ANTEROOM_LIMIT_USER_RUNS_PER_SECOND", "1", "ANTEROOM_LIMIT_USER_CHANGES_PER_SECOND", "4"));
    all.putAll(Map.of("ANTEROOM_CLUSTER_HOST", "127.0.0.2", "ANTEROOM_CLUSTER_PORT", String.valueOf(CLUSTER_PORT),
      "ANTEROOM_CLUSTER_EVENT_BUS_PORT", String.valueOf(BUS_PORT),
      "ANTEROOM_CLUSTER_MEMBERS", "127.0.0.2:" + CLUSTER_PORT,
      "ANTEROOM_CLUSTER_FILE", FOLDER.resolve("other-cluster.xml").toString(),
      "ANTEROOM_CLUSTER_TLS_CERT", bus.chain().toString(), "ANTEROOM_CLUSTER_TLS_KEY", bus.key().toString(),
      "ANTEROOM_CLUSTER_TLS_CA", authority.file().toString()));
    return all;
  }

  private static Map<String, String> files() {
    return Map.of("ANTEROOM_USERS_FILE", FOLDER.resolve("users.csv").toString(),
      "ANTEROOM_INSTANCES_FILE", FOLDER.resolve("instances.csv").toString(),
      "ANTEROOM_USERS_PASSWORDS", FOLDER.resolve("passwords").toString());
  }

  @AfterAll
  static void close() {
    node.close();
    ODD.close();
    done(SIMULATOR.stop());
    done(VERTX.close());
    redis.close();
  }

  @Test
  void theNodesNameIsTold() throws IOException {
    assertThat(Files.readString(node.log())).contains("Ready: node=" + node.name(),
      "Setting: node = %s (environment variable ANTEROOM_NODE)".formatted(node.name()));
  }

  @Test
  void itListensWhereItShould() {
    int port = URI.create(node.url()).getPort();
    int adminPort = URI.create(node.adminUrl()).getPort();

    assertThat(takesConnections("127.0.0.3", port)).isTrue();
    assertThat(takesConnections("127.0.0.1", port)).isFalse();
    assertThat(takesConnections("127.0.0.3", adminPort)).isTrue();
    assertThat(takesConnections("127.0.0.1", adminPort)).isFalse();
    assertThat(takesConnections("127.0.0.2", CLUSTER_PORT)).isTrue();
    assertThat(takesConnections("127.0.0.1", CLUSTER_PORT)).isFalse();
    assertThat(takesConnections("127.0.0.2", BUS_PORT)).isTrue();
    assertThat(ask(node.adminUrl(), HttpMethod.GET, "/health/ready", "").status()).isEqualTo(200);
  }

  @Test
  void theFileOfTheClusterIsRead() throws IOException {
    assertThat(Files.readString(node.log()))
      .contains("Cluster configured: file=" + FOLDER.resolve("other-cluster.xml"));
  }

  @Test
  void theEventBusShowsItsCertificate() throws Exception {
    try (SSLSocket socket = (SSLSocket) authority.context().getSocketFactory().createSocket("127.0.0.2", BUS_PORT)) {
      socket.setSoTimeout(20_000);
      socket.startHandshake();
      assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=bus");
      assertThatThrownBy(() -> assertThat(socket.getInputStream().read()).as("the end").isNotEqualTo(-1))
        .as("who shows no certificate is refused").isInstanceOfAny(IOException.class, AssertionError.class);
    }
  }

  @Test
  void theProxysHeadersSayWhoAsks() {
    JsonObject page = get("/u/nora/_anteroom/config.json", "X-Who", "Nora", "X-Name", "Nora New").json();
    assertThat(page.getString("user")).isEqualTo("nora");
    assertThat(page.getString("display_name")).isEqualTo("Nora New");
    assertThat(get("/u/s1/x", "X-Forwarded-User", "s1").status()).isEqualTo(401);
    assertThat(get("/api/v1/comfy/queue?user=s1", "X-Who", "tess").status()).isEqualTo(403);
    assertThat(get("/api/v1/comfy/queue?user=s1", "X-Who", "tess", "X-Groups", "a, class").status()).isEqualTo(200);
  }

  @Test
  void theClaimsSayWhoAsks() {
    String queue = "/api/v1/comfy/queue?user=s1";
    JsonObject own = claims().put("uid", "s1");

    assertThat(get(queue, "Authorization", token(own)).status()).isEqualTo(200);
    assertThat(get(queue, "Cookie", "school_token=" + token(own).substring(7)).status()).isEqualTo(200);
    assertThat(get(queue, "Cookie", "other_token=" + token(own).substring(7)).status()).isEqualTo(401);
    assertThat(get(queue, "Authorization", token(own.copy().put("iss", "other"))).status()).isEqualTo(401);
    assertThat(get(queue, "Authorization", token(own.copy().put("aud", "other"))).status()).isEqualTo(401);
    JsonObject other = claims().put("uid", "nora").put("sub", "s1");
    JsonArray group = new JsonArray().add("class");
    assertThat(get(queue, "Authorization", token(other)).status()).isEqualTo(403);
    assertThat(get(queue, "Authorization", token(other.copy().put("rl", "prof").put("grp", group))).status())
      .isEqualTo(200);
    assertThat(get(queue, "Authorization", token(other.copy().put("rl", "prof").put("groups", group))).status())
      .isEqualTo(403);
    assertThat(get(queue, "Authorization", token(other.copy().put("rl", "teacher").put("grp", group))).status())
      .isEqualTo(403);
    assertThat(get(queue, "Authorization", token(other.copy().put("role", "boss"))).status()).isEqualTo(403);
    assertThat(get(queue, "Authorization", token(other.copy().put("rl", "boss"))).status()).isEqualTo(200);
  }

  @Test
  void aSignInLastsAsLongAsIsSaid() {
    Reply in = ask(node.url(), HttpMethod.POST, "/signin", "name=s1&password=correct%20horse",
      "Content-Type", "application/x-www-form-urlencoded");

    assertThat(in.header("Set-Cookie")).startsWith("__Host-anteroom=").contains("Max-Age=3600;", "; Secure");
  }

  @Test
  void whoIsNotListedIsANewcomer() {
    assertThat(get("/u/nora/system_stats", "X-Who", "nora").status()).isEqualTo(200);
  }

  @Test
  void thePageIsToldHowOftenToPoll() {
    assertThat(get("/u/s1/_anteroom/config.json", "X-Who", "s1").json().getInteger("poll_interval_ms")).isEqualTo(7000);
  }

  @Test
  void withoutInjectionThePageIsAsItIs() {
    assertThat(get("/u/s1/", "X-Who", "s1", "Accept", "text/html").text()).contains("<html")
      .doesNotContain("_anteroom");
    assertThat(get("/u/s1/extensions", "X-Who", "s1").text()).doesNotContain("_anteroom");
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    Reply reply = ask(node.url(), HttpMethod.POST, "/u/s1/prompt", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}",
      "X-Who", "s1");

    assertThat(reply.status()).isEqualTo(413);
  }

  @Test
  void theLimitsAreInTheStore() {
    Map<String, String> limits = Map.of("limit", "5", "user_running", "2", "user_waiting", "3", "lease_ms", "19000",
      "keep_s", "540", "max_backoff_ms", "9000");

    limits.forEach((name, value) ->
      assertThat(String.valueOf(redis.ask("HGET", "{anteroom}:limits", name))).as(name).isEqualTo(value));
  }

  @Test
  void whoWaitsTooOftenIsRefused() {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statuses.add(ask(node.url(), HttpMethod.POST, "/u/s2/prompt", run(60), "X-Who", "s2").status());
    }

    assertThat(statuses).containsExactly(200, 200, 200, 200, 429);
    cancelAll("s2");
  }

  private static void cancelAll(String user) {
    get("/api/v1/comfy/queue?user=" + user, "X-Who", user).json().getJsonArray("tasks").stream()
      .map(task -> ((JsonObject) task).getString("task_id")).forEach(task -> ask(node.url(), HttpMethod.DELETE,
        "/api/v1/comfy/queue/%s?user=%s".formatted(task, user), "", "X-Who", user));
  }

  /** At an instance that is down, where all wait. */
  @Test
  void whatWaitsHasABoundOfBytes() {
    assertThat(large("silent").status()).isEqualTo(200);
    Reply ofUser = large("silent");
    assertThat(List.of(large("silent2").status(), large("silent3").status())).containsExactly(200, 200);
    Reply ofAll = large("silent4");

    assertThat(ofUser.status()).as(ofUser.text()).isEqualTo(429);
    assertThat(ofUser.text()).contains("limit.user_bytes");
    assertThat(ofAll.status()).as(ofAll.text()).isIn(429, 503);
    assertThat(ofAll.text()).contains("limit.bytes");
    List.of("silent", "silent2", "silent3").forEach(SettingsIT::cancelAll);
  }

  /** With noise in it, which no compression makes shorter. */
  private static Reply large(String user) {
    byte[] noise = new byte[650_000];
    new Random(7).nextBytes(noise);
    return ask(node.url(), HttpMethod.POST, "/u/" + user + "/prompt", new JsonObject()
      .put("prompt", Workflows.lasting(0)).put("extra_data", new JsonObject().put("noise", noise)).encode(),
      "X-Who", user);
  }

  @Test
  void runsAndChangesHaveARate() {
    assertThat(refused(110, "/u/runner/prompt", "runner")).contains("more than 1 requests");
    assertThat(refused(140, "/u/changer/_anteroom/hello", "changer")).contains("more than 4 requests");
  }

  /** What the first of so many is told that is refused for its rate. */
  private static String refused(int times, String uri, String user) {
    List<Future<Reply>> replies = IntStream.range(0, times).mapToObj(i ->
      send(node.url(), HttpMethod.POST, uri, "{}", "X-Who", user)).toList();
    return done(Future.all(replies)).<Reply>list().stream().filter(reply -> reply.status() == 429).findFirst()
      .map(Reply::text).orElse("");
  }

  @Test
  void anInstanceThatTakesNoConnectionIsGivenUp() {
    long began = System.nanoTime();

    assertThat(get("/u/full/x", "X-Who", "full").status()).isEqualTo(502);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void anInstanceThatDoesNotAnswerIsGivenUp() {
    Reply reply = get("/u/silent/x", "X-Who", "silent");

    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).contains("within 2 s");
  }

  @Test
  void moreThanItsConnectionsWait() {
    AtomicInteger busy = new AtomicInteger();
    for (int i = 0; i < 150; i++) {
      send(node.url(), HttpMethod.GET, "/u/silent/y", "", "X-Who", "silent")
        .onSuccess(reply -> busy.addAndGet(reply.status() == 503 ? 1 : 0));
    }

    until(() -> busy.get() > 0);
  }

  @Test
  void runsCarryTheGuardsProof() {
    ask(node.url(), HttpMethod.POST, "/u/spy/prompt", run(0), "X-Who", "spy");

    until(() -> !ODD.proofs().getOrDefault("POST /prompt", "").isEmpty());
  }

  @Test
  void aSessionIsForgottenAfterItsGrace() {
    done(VERTX.createWebSocketClient().connect(new WebSocketConnectOptions().setHost("127.0.0.3")
      .setPort(URI.create(node.url()).getPort()).setURI("/u/s1/ws?clientId=settings").addHeader("X-Who", "s1")
      .setAllowOriginHeader(false))
      .compose(socket -> VERTX.timer(200).compose(open -> socket.close())));
    long began = System.nanoTime();

    until(() -> ask(node.adminUrl(), HttpMethod.GET, "/metrics", "").text().contains("anteroom_edge_sessions 0"));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
  }

  private static String run(double seconds) {
    return new JsonObject().put("prompt", Workflows.lasting(seconds)).encode();
  }

  private static JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    return new JsonObject().put("iss", "school").put("aud", "lab").put("iat", now).put("exp", now + 3600);
  }

  private static String token(JsonObject claims) {
    return "Bearer " + ISSUER.token(claims);
  }

  private static boolean takesConnections(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 5_000);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private static Reply get(String uri, String... headers) {
    return ask(node.url(), HttpMethod.GET, uri, "", headers);
  }

  private static Reply ask(String url, HttpMethod method, String uri, String body, String... headers) {
    return done(send(url, method, uri, body, headers));
  }

  private static Future<Reply> send(String url, HttpMethod method, String uri, String body, String... headers) {
    URI at = URI.create(url);
    return HTTP.request(new RequestOptions().setMethod(method).setHost(at.getHost()).setPort(at.getPort()).setURI(uri))
      .compose(request -> {
        for (int i = 0; i < headers.length; i += 2) {
          request.headers().add(headers[i], headers[i + 1]);
        }
        Future<Reply> reply = Reply.to(request);
        return request.end(Buffer.buffer(body)).compose(sent -> reply);
      });
  }
}
