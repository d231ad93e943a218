package io.anteroom.node;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.anteroom.edge.Reply;
import io.anteroom.support.FreePorts;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node with TLS, some of the roles, and a secret of the teaching system. */
class TlsSettingsIT {
  private static final String SECRET = "0123456789012345678901234567890123456789";
  private static final Path FOLDER = TestRedis.freshDirectory().getParent().toAbsolutePath();
  private static final Vertx VERTX = Vertx.vertx();
  private static final TestRedis REDIS = TestRedis.start();
  private static TestAuthority authority;
  private static HttpClient http;
  private static NodeProcess node;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(FOLDER);
    authority = new TestAuthority("lab", FOLDER);
    http = VERTX.createHttpClient(new HttpClientOptions().setSsl(true).setTrustOptions(authority.trust()));
    Files.writeString(FOLDER.resolve("instances.csv"), "instance,url,pool,slots\npc,http://127.0.0.1:1,,\n");
    Files.writeString(FOLDER.resolve("users.csv"), "username,display_name,group,role,instance\ns1,,,student,pc\n");
    node = NodeProcess.start("start", "tls-" + FOLDER.getFileName(), settings());
  }

  private static Map<String, String> settings() {
    Issued students = authority.issue("students");
    Issued admins = authority.issue("admins");
    int port = FreePorts.next();
    Map<String, String> all = new HashMap<>(Map.of("ANTEROOM_USERS_FILE", FOLDER.resolve("users.csv").toString(),
      "ANTEROOM_INSTANCES_FILE", FOLDER.resolve("instances.csv").toString(),
      "ANTEROOM_REDIS_URL", REDIS.access().urls().get(0)));
    all.putAll(Map.of("ANTEROOM_HTTP_TLS_CERT", students.chain().toString(),
      "ANTEROOM_HTTP_TLS_KEY", students.key().toString(), "ANTEROOM_HTTP_ADMIN_TLS_CERT", admins.chain().toString(),
      "ANTEROOM_HTTP_ADMIN_TLS_KEY", admins.key().toString(), "ANTEROOM_HTTP_BODY_MEMORY", "1MB"));
    all.putAll(Map.of("ANTEROOM_AUTH_MODE", "jwt", "ANTEROOM_JWT_SECRET", SECRET, "ANTEROOM_JWT_ISSUER", "school",
      "ANTEROOM_JWT_AUDIENCE", "lab", "ANTEROOM_ROLES", "edge,dispatch", "ANTEROOM_LIMIT_CONCURRENT", "7",
      "ANTEROOM_CLUSTER_PORT", String.valueOf(port), "ANTEROOM_CLUSTER_MEMBERS", "127.0.0.1:" + port,
      "ANTEROOM_CLUSTER_EVENT_BUS_PORT", String.valueOf(FreePorts.next())));
    return all;
  }

  @AfterAll
  static void close() {
    node.close();
    done(VERTX.close());
    REDIS.close();
  }

  @Test
  void bothPortsShowTheirCertificates() {
    assertThat(shown(node.url())).isEqualTo("CN=students");
    assertThat(shown(node.adminUrl())).isEqualTo("CN=admins");
  }

  @Test
  void theLimitOfProductionIsInForce() {
    until(() -> "7".equals(String.valueOf(REDIS.ask("HGET", "{anteroom}:limits", "limit"))));
  }

  @Test
  void aSecretProvesATokenToo() {
    assertThat(ask(HttpMethod.GET, "/u/s1/_anteroom/config.json", "", SECRET).status()).isEqualTo(200);
    assertThat(ask(HttpMethod.GET, "/u/s1/_anteroom/config.json", "", "x" + SECRET).status()).isEqualTo(401);
  }

  /** Though http.body_limit would allow a hundred times as much. */
  @Test
  void noBodyIsLargerThanTheMemoryForBodies() {
    assertThat(ask(HttpMethod.POST, "/u/s1/prompt", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}", SECRET).status())
      .isEqualTo(413);
  }

  /** Without {@code api} nothing takes a run. */
  @Test
  void aNodeDoesOnlyItsRoles() throws IOException {
    assertThat(ask(HttpMethod.POST, "/u/s1/prompt", "{}", SECRET).status()).isEqualTo(503);
    assertThat(Files.readString(node.log())).contains("No reply on the event bus");
  }

  private static String token(String secret) {
    long now = Instant.now().getEpochSecond();
    JsonObject claims = new JsonObject().put("iss", "school").put("aud", "lab").put("sub", "s1").put("iat", now)
      .put("exp", now + 3600);
    try {
      JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.encode()));
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Whose certificate is shown at this address; waits until a server listens there. */
  private static String shown(String url) {
    int port = URI.create(url).getPort();
    until(() -> listens(port));
    try (SSLSocket socket = (SSLSocket) authority.context().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return socket.getSession().getPeerPrincipal().getName();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static Reply ask(HttpMethod method, String uri, String body, String secret) {
    shown(node.url());
    return done(http.request(new RequestOptions().setMethod(method).setHost("127.0.0.1")
      .setPort(URI.create(node.url()).getPort()).setURI(uri)).compose(request -> {
        request.putHeader("Authorization", "Bearer " + token(secret));
        Future<Reply> reply = Reply.to(request);
        return request.end(Buffer.buffer(body)).compose(sent -> reply);
      }));
  }
}
