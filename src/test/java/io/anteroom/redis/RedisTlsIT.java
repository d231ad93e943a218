package io.anteroom.redis;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.redis.embedded.RedisBinary;
import io.anteroom.support.FreePorts;
import io.anteroom.support.LogLines;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** A real Redis that speaks TLS alone and wants a password. */
class RedisTlsIT {
  private static final String PASSWORD = "s3cret-of-the-lab";

  @TempDir
  private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final int port = FreePorts.next();
  private final LogLines said = new LogLines(Logger.ROOT_LOGGER_NAME);
  private TestAuthority authority;
  private Process redis;

  @BeforeEach
  void listen() {
    authority = new TestAuthority("lab-ca", folder);
  }

  @AfterEach
  void stop() throws InterruptedException {
    said.close();
    done(vertx.close());
    redis.destroy();
    redis.waitFor();
    assertThat(said.all()).noneMatch(line -> line.contains(PASSWORD));
  }

  @Test
  void theQueueIsReachedOverTls() throws IOException {
    start(authority.issue("redis"), "no");

    assertThat(isReachable(PASSWORD, "localhost", trusting(authority))).isTrue();
    assertThat(isReachable(PASSWORD, "127.0.0.1", trusting(authority))).isTrue();
  }

  @Test
  void aWrongAuthorityIsNamed() throws IOException {
    start(authority.issue("redis"), "no");

    assertRefused("redis.tls.ca: Redis presents a certificate of an authority that is not trusted here", PASSWORD,
      trusting(new TestAuthority("other-ca", folder)));
    assertRefused("redis.tls.ca: ", PASSWORD, TlsTrust.USUAL);
  }

  @Test
  void aCertificateForAnotherNameIsNamed() throws IOException {
    start(authority.issueForAnotherName("redis"), "no");

    assertRefused("redis.url: the certificate of Redis is not valid for the host", PASSWORD, trusting(authority));
  }

  @Test
  void aCertificateThatHasExpiredIsNamed() throws IOException {
    start(authority.issueExpired("redis"), "no");

    assertRefused("redis.url: the certificate of Redis is not valid", PASSWORD, trusting(authority));
  }

  @Test
  void aRedisThatIsShownNoCertificateAndWantsOneIsNamed() throws IOException {
    start(authority.issue("redis"), "yes");

    assertRefused("redis.tls.cert: Redis does not accept the certificate of this node", PASSWORD, trusting(authority));
  }

  @Test
  void aWrongPasswordIsNamedAndNeverShown() throws IOException {
    start(authority.issue("redis"), "no");

    assertRefused("redis.url: Redis does not accept the user or the password in it", PASSWORD + "x",
      trusting(authority));
    assertRefused("redis.url: Redis requires a password", "", trusting(authority));
  }

  @Test
  void aRedisThatWantsACertificateIsShownOne() throws IOException {
    start(authority.issue("redis"), "yes");
    Issued own = authority.issue("node");
    TlsTrust mutual =
      new TlsTrust(Optional.of(authority.file()), Optional.of(new CertificateFiles(own.chain(), own.key())));

    assertThat(isReachable(PASSWORD, "localhost", mutual)).isTrue();
  }

  /** From the texts of the settings to the handshake. */
  @Test
  void theSettingsNameTheFilesThatAreShownAndBelieved() throws IOException {
    start(authority.issue("redis"), "yes");
    Issued own = authority.issue("node");
    Map<String, String> variables = new HashMap<>(Map.of(
      "ANTEROOM_REDIS_URL", settings(PASSWORD, "localhost", TlsTrust.USUAL).url().orElseThrow(),
      "ANTEROOM_REDIS_TLS_CA", authority.file().toString(),
      "ANTEROOM_REDIS_TLS_CERT", own.chain().toString(), "ANTEROOM_REDIS_TLS_KEY", own.key().toString()));

    assertThat(done(RedisProbe.probe(vertx, load(variables))).version()).isNotEmpty();

    variables.keySet().removeAll(Set.of("ANTEROOM_REDIS_TLS_CERT", "ANTEROOM_REDIS_TLS_KEY"));
    assertThatExceptionOfType(RedisAccessException.class)
      .isThrownBy(() -> RedisProbe.probe(vertx, load(variables)).await())
      .withMessageContaining("redis.tls.cert: ");
  }

  private static Settings.Redis load(Map<String, String> variables) {
    return ConfigLoader.load(Optional.empty(), variables).settings().redis();
  }

  @Test
  void theCheckupSaysTheSame() throws IOException {
    start(authority.issue("redis"), "no");
    TlsTrust other = trusting(new TestAuthority("other-ca", folder));

    assertThat(done(RedisProbe.probe(vertx, settings(PASSWORD, "localhost", trusting(authority)))).version())
      .isNotEmpty();
    assertThatExceptionOfType(RedisAccessException.class)
      .isThrownBy(() -> RedisProbe.probe(vertx, settings(PASSWORD, "localhost", other)).await())
      .withMessageContaining("redis.tls.ca: ");
  }

  private void assertRefused(String words, String password, TlsTrust trust) {
    assertThatExceptionOfType(RedisAccessException.class)
      .isThrownBy(() -> isReachable(password, "localhost", trust))
      .withMessageContaining(words)
      .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(PASSWORD));
  }

  /** By a queue of its own, with patience for a busy machine. */
  private boolean isReachable(String password, String host, TlsTrust trust) {
    RedisTaskQueue queue =
      new RedisTaskQueue(vertx, RedisEndpoint.of(settings(password, host, trust)), Duration.ofSeconds(60));
    try {
      return queue.reachable().await();
    } finally {
      done(queue.close());
    }
  }

  private Settings.Redis settings(String password, String host, TlsTrust trust) {
    String secret = password.isEmpty() ? "" : ":" + password + "@";
    return new Settings.Redis(
      Optional.of("rediss://%s%s:%d".formatted(secret, host, port)), "standalone", "mymaster", 6390, trust);
  }

  private static TlsTrust trusting(TestAuthority authority) {
    return new TlsTrust(Optional.of(authority.file()), Optional.empty());
  }

  private void start(Issued certificate, String asksForCertificates) throws IOException {
    redis = launch("--port", "0", "--tls-port", Integer.toString(port), "--requirepass", PASSWORD,
      "--tls-cert-file", certificate.chain().toString(), "--tls-key-file", certificate.key().toString(),
      "--tls-ca-cert-file", authority.file().toString(), "--tls-auth-clients", asksForCertificates);
  }

  private Process launch(String... how) throws IOException {
    String executable = new RedisBinary(folder).find().toString();
    ProcessBuilder builder = new ProcessBuilder(how);
    builder.command().add(0, executable);
    Process process = builder.directory(folder.toFile()).redirectErrorStream(true)
      .redirectOutput(folder.resolve("redis.log").toFile()).start();
    await().atMost(Duration.ofSeconds(120)).until(() -> !process.isAlive() || isListening());
    assertThat(process.isAlive()).as("see " + folder.resolve("redis.log")).isTrue();
    return process;
  }

  private boolean isListening() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }
}
