package io.anteroom.cluster.hazelcast;

import static io.anteroom.cluster.hazelcast.Members.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.FreePorts;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has no certificate of the members' authority neither speaks to their event bus nor hears it. */
class EventBusTlsIT {
  private static final int PATIENCE_MILLIS = 120_000;

  @TempDir
  private Path folder;
  private TestAuthority authority;
  private TestAuthority other;
  private Members members;
  private int eventBusPort;
  private HazelcastMember first;

  @BeforeEach
  void start() throws IOException {
    authority = new TestAuthority("lab-ca", folder);
    other = new TestAuthority("other-ca", folder);
    members = new Members(2, folder);
    eventBusPort = FreePorts.next();
    first = await(Members.join(settings(0, eventBusPort, trust(authority, "first"))));
    await(first.vertx().eventBus().<String>consumer("greet", call -> call.reply("hello " + call.body())).completion());
  }

  @AfterEach
  void stop() {
    await(first.vertx().close());
  }

  @Test
  void membersOfOneAuthorityTalkBothWays() {
    HazelcastMember second = await(Members.join(settings(1, 0, trust(authority, "second"))));
    await(second.vertx().eventBus().<String>consumer("ask", call -> call.reply("yes, " + call.body())).completion());

    String greeting = await(second.vertx().eventBus().<String>request("greet", "second").map(Message::body));
    String answer = await(first.vertx().eventBus().<String>request("ask", "first").map(Message::body));

    assertThat(greeting).isEqualTo("hello second");
    assertThat(answer).isEqualTo("yes, first");
    await(second.vertx().close());
  }

  @Test
  void aNodeOfAnotherAuthorityDoesNotGetInAndSaysWhy() {
    assertThatExceptionOfType(JoinException.class)
      .isThrownBy(() -> await(Members.join(settings(1, 0, trust(other, "stranger")))))
      .withMessageContaining("cluster.tls: node member-0 at ")
      .withMessageContaining("do not trust each other's certificates")
      .withMessageContaining("certificates of one authority");
    assertTheFirstIsAlone();
  }

  @Test
  void aNodeThatOnlyPretendsToTrustTheSameDoesNotGetIn() {
    TlsTrust pretending = new TlsTrust(Optional.of(authority.file()), trust(other, "stranger").own());

    assertThatExceptionOfType(JoinException.class)
      .isThrownBy(() -> await(Members.join(settings(1, 0, pretending))))
      .withMessageContaining("do not trust each other's certificates");
    assertTheFirstIsAlone();
  }

  @Test
  void aNodeWithoutTlsDoesNotGetInAndSaysWhy() {
    assertThatExceptionOfType(JoinException.class)
      .isThrownBy(() -> await(Members.join(settings(1, 0, TlsTrust.USUAL))))
      .withMessageContaining("this node's event bus is without TLS and that of node member-0 at ")
      .withMessageContaining("on all nodes or on none");
    assertTheFirstIsAlone();
  }

  @Test
  void aClientWithoutTlsIsNotHeard() throws IOException {
    List<String> heard = new CopyOnWriteArrayList<>();
    await(first.vertx().eventBus().<String>consumer("secret", call -> heard.add(call.body())).completion());

    try (Socket socket = new Socket("127.0.0.1", eventBusPort)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("\0\0\0\5hello".getBytes(StandardCharsets.ISO_8859_1));

      assertThat(heardFrom(socket)).as("an alert at most").isLessThan(16);
    }
    assertThat(heard).isEmpty();
  }

  /** How many bytes came until the end, which may be a rude one. */
  private static int heardFrom(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes().length;
    } catch (SocketException reset) {
      return 0;
    }
  }

  @Test
  void aClientWithoutACertificateIsRefused() throws IOException {
    try (SSLSocket socket = (SSLSocket) authority.context().getSocketFactory()
      .createSocket("127.0.0.1", eventBusPort)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});

      // An alert, or the end of the connection, whichever is seen first.
      assertThatExceptionOfType(IOException.class).isThrownBy(socket::startHandshake)
        .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  /** Hazelcast itself lets everybody in: what such a member is sent must not reach it all the same. */
  @Test
  void whatIsSentToAStrangerInTheClusterDoesNotReachHim() {
    List<String> heard = new CopyOnWriteArrayList<>();
    TlsTrust his = trust(other, "stranger");
    EventBusOptions bus = new EventBusOptions().setPort(0).setSsl(true)
      .setKeyCertOptions(his.shown().orElseThrow()).setTrustOptions(his.trusted().orElseThrow()).setTrustAll(true);
    Vertx stranger = await(Vertx.builder().with(new VertxOptions().setEventBusOptions(bus))
      .withClusterManager(new HazelcastClusterManager(HazelcastConfig.of(settings(1, 0, his)))).buildClustered());
    await(stranger.eventBus().<String>consumer("secret", call -> heard.add(call.body())).completion());

    await(first.vertx().eventBus().request("secret", "the permits", new DeliveryOptions()
      .setSendTimeout(10_000)).map("answered").otherwise("not answered"));

    assertThat(heard).isEmpty();
    await(stranger.close());
  }

  private void assertTheFirstIsAlone() {
    Awaitility.await().atMost(Duration.ofSeconds(60))
      .until(() -> first.hazelcast().getCluster().getMembers().size() == 1);
  }

  private JoinSettings settings(int number, int port, TlsTrust tls) {
    JoinSettings plain = members.settings(number);
    return new JoinSettings("member-" + number, plain.host(), plain.port(), port, plain.members(), plain.file(), tls);
  }

  private static TlsTrust trust(TestAuthority authority, String name) {
    Issued issued = authority.issue(name);
    return new TlsTrust(Optional.of(authority.file()), Optional.of(new CertificateFiles(issued.chain(), issued.key())));
  }
}
