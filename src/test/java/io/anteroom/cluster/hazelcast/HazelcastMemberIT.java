package io.anteroom.cluster.hazelcast;

import static io.anteroom.cluster.hazelcast.Members.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.hazelcast.config.Config;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HazelcastMemberIT {
  @Test
  void eventBusCarriesMessagesFromMemberToMember(@TempDir Path directory) throws IOException {
    try (Members members = new Members(2, directory)) {
      HazelcastMember alice = members.start(0);
      HazelcastMember bob = members.start(1);
      await(bob.vertx().eventBus().<String>consumer("greet", call -> call.reply("hello " + call.body())).completion());

      String answer = await(alice.vertx().eventBus().<String>request("greet", "alice").map(Message::body));

      assertThat(answer).isEqualTo("hello alice");
      assertThat(alice.nodeId()).isNotEqualTo(bob.nodeId());
      assertThat(alice.size()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", "localhost"})
  void onlyTheConfiguredAddressIsListenedOn(String host) throws IOException {
    int port = FreePorts.next();
    int eventBusPort = FreePorts.next();

    HazelcastMember member = await(Members.join(settings(host, port, eventBusPort)));

    assertThat(isOpen("127.0.0.1", port)).isTrue();
    assertThat(isOpen("127.0.0.1", eventBusPort)).isTrue();
    // Who listens on all addresses listens on this one too.
    assertThat(isOpen("127.0.0.2", port)).isFalse();
    assertThat(isOpen("127.0.0.2", eventBusPort)).isFalse();
    await(member.vertx().close());
    assertThat(isOpen("127.0.0.1", port)).isFalse();
    assertThat(member.size()).isZero();
  }

  @Test
  void takenPortIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      JoinSettings settings = settings("", taken.getLocalPort(), 0);

      assertThatExceptionOfType(JoinException.class).isThrownBy(() -> await(Members.join(settings)))
        .withMessageContaining("cluster.port " + taken.getLocalPort());
    }
  }

  @Test
  void takenPortOfTheEventBusIsNamedAndTheOtherPortIsFreeAgain() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = FreePorts.next();
      JoinSettings settings = settings("", port, taken.getLocalPort());

      assertThatExceptionOfType(JoinException.class).isThrownBy(() -> await(Members.join(settings)))
        .withMessageContaining("cluster.event_bus_port " + taken.getLocalPort());
      assertThat(isOpen("127.0.0.1", port)).isFalse();
    }
  }

  @Test
  void addressOfAnotherMachineIsRefused() throws IOException {
    JoinSettings settings = settings("203.0.113.7", FreePorts.next(), 0);

    assertThatExceptionOfType(JoinException.class).isThrownBy(() -> await(Members.join(settings)))
      .withMessageContaining("cluster.host").withMessageContaining("203.0.113.7");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "0")
  void nodeDoesNotJoinANodeOfAnotherVersion(String version, @TempDir Path directory) throws IOException {
    Members members = new Members(2, directory);
    Vertx other = await(member(members.settings(0), "old-1", version));

    assertThatExceptionOfType(JoinException.class).isThrownBy(() -> await(Members.join(members.settings(1))))
      .withMessageContaining("node old-1 at ")
      .withMessageContaining("runs another version of Anteroom")
      .withMessageContaining("stop all nodes first, then start all of them with the same version");
    await(other.close());
  }

  @Test
  void nodeJoinsAMemberThatOnlyListens(@TempDir Path directory) throws IOException {
    Members members = new Members(2, directory);
    Vertx listener = await(member(members.settings(0), null, null));

    HazelcastMember node = await(Members.join(members.settings(1)));

    assertThat(node.hazelcast().getCluster().getMembers()).hasSize(2);
    assertThat(node.size()).isEqualTo(1);
    await(node.vertx().close());
    await(listener.close());
  }

  /** A member of this name and version, either of which it may lack. */
  private static Future<Vertx> member(JoinSettings settings, String name, String version) {
    Config config = HazelcastConfig.of(settings);
    Map<String, String> attributes = new HashMap<>(config.getMemberAttributeConfig().getAttributes());
    attributes.put(HazelcastMember.NODE_NAME, name);
    attributes.put(HazelcastMember.PROTOCOL, version);
    attributes.values().removeIf(Objects::isNull);
    config.getMemberAttributeConfig().setAttributes(attributes);
    return Vertx.builder().with(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4))
      .withClusterManager(new HazelcastClusterManager(config)).buildClustered();
  }

  private static JoinSettings settings(String host, int port, int eventBusPort) {
    return new JoinSettings("lonely", host, port, eventBusPort, List.of("127.0.0.1:" + port), Optional.empty(),
      TlsTrust.USUAL);
  }

  private static boolean isOpen(String host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      return socket.isConnected();
    } catch (ConnectException refused) {
      return false;
    }
  }
}
