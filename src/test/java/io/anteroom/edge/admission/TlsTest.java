package io.anteroom.edge.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.session.Tab;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What students do over HTTP, they do over HTTPS. */
class TlsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PATIENCE_MILLIS = 120_000;

  @TempDir
  private Path folder;
  private final AtomicReference<Certificate> inForce = new AtomicReference<>();
  private TestAuthority authority;
  private EdgeFixture house;

  @BeforeEach
  void open() {
    authority = new TestAuthority("school-ca", folder);
    inForce.set(certificate(authority.issue("first")));
    house = new EdgeFixture(authority, () -> Optional.of(inForce.get()));
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void pagesUploadsAndSocketsPass() {
    Buffer upload = Buffer.buffer(new byte[3 << 20]);

    assertThat(house.get("/u/alice/api/x?a=%20b").text()).isEqualTo("/api/x?a=%20b");
    assertThat(house.ask(HttpMethod.POST, "/u/alice/upload/image", upload, "Origin", house.origin()).status())
      .isEqualTo(200);
    assertThat(house.comfy.lastAsked().body()).isEqualTo(upload);
    Tab tab = house.tab("/u/alice/node/ws", "Origin", house.origin());
    house.comfy.socket(0).writeTextMessage("hello");
    await().atMost(SOON).until(() -> tab.frames.size() == 1);
  }

  @Test
  void pagesOfHttpAreForeign() {
    String plain = house.origin().replace("https:", "http:");

    assertThat(house.post("/u/alice/prompt", "{}", "Origin", plain).error()).isEqualTo("foreign_origin");
  }

  @Test
  void whoSpeaksNoTlsHearsNothing() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", house.settings.http().port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
        .doesNotContain("HTTP/1.1");
    }
    assertThat(house.tally.read()).doesNotContainEntry("edge_requests", 1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsThatAreSoundAreSpoken(String version) throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();

      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void anOlderVersionIsRefused() throws IOException {
    byte[] helloOfTls11 =
      HexFormat.of().parseHex("16030100410100003d0302" + "ab".repeat(32)
        + "000006c013c009002f0100000e000a000400020017000b00020100");
    try (Socket socket = new Socket("127.0.0.1", house.settings.http().port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(helloOfTls11);

      assertThat(HexFormat.of().formatHex(socket.getInputStream().readNBytes(7)))
        .as("an alert that is fatal: protocol version").startsWith("15").endsWith("0246");
    }
  }

  @Test
  void aRenewedCertificateIsShownAndOpenConnectionsGoOn() throws IOException {
    try (SSLSocket open = connect()) {
      assertThat(asked(open)).startsWith("HTTP/1.1 308");

      inForce.set(certificate(authority.issue("renewed")));

      await().atMost(SOON).until(() -> shown().equals("CN=renewed"));
      for (int i = 0; i < 8; i++) {
        assertThat(shown()).isEqualTo("CN=renewed");
      }
      assertThat(asked(open)).startsWith("HTTP/1.1 308");
      assertThat(nameIn(open)).isEqualTo("CN=first");
    }
  }

  @Test
  void whoTrustsAnotherAuthorityIsNotFooled() {
    TestAuthority other = new TestAuthority("other-ca", folder);

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
      try (SSLSocket socket = (SSLSocket) other.context().getSocketFactory()
        .createSocket("127.0.0.1", house.settings.http().port())) {
        socket.startHandshake();
      }
    });
  }

  private String shown() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      return nameIn(socket);
    }
  }

  private SSLSocket connect() throws IOException {
    SSLSocket socket = (SSLSocket) authority.context().getSocketFactory()
      .createSocket("127.0.0.1", house.settings.http().port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static String nameIn(SSLSocket socket) throws IOException {
    X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  /** The head of the answer to a request that has no body. */
  private static String asked(SSLSocket socket) throws IOException {
    socket.getOutputStream()
      .write("GET /u/alice HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    return head.toString();
  }

  private static Certificate certificate(Issued issued) {
    return new CertificateFiles(issued.chain(), issued.key()).read().certificate().orElseThrow();
  }
}
