package io.anteroom.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastConfigTest {
  private static final String JOIN_WAIT = "hazelcast.wait.seconds.before.join";
  private static final String LONGEST_JOIN_WAIT = "hazelcast.max.wait.seconds.before.join";
  private static final String BIND_ANY = "hazelcast.socket.bind.any";

  @TempDir
  private Path directory;

  @Test
  void fileAloneIsAClusterOnLoopback() {
    Config config = HazelcastConfig.of(settings("", 0, List.of()));

    NetworkConfig network = config.getNetworkConfig();
    assertThat(network.getPort()).isEqualTo(5701);
    assertThat(network.isPortAutoIncrement()).isFalse();
    assertThat(network.getInterfaces().isEnabled()).isTrue();
    assertThat(network.getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
    assertThat(config.getProperty(BIND_ANY)).isEqualTo("false");
    assertThat(network.getJoin().getMulticastConfig().isEnabled()).isFalse();
    assertThat(network.getJoin().getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(network.getJoin().getTcpIpConfig().getMembers())
      .containsExactly("127.0.0.1:5701", "127.0.0.1:5702", "127.0.0.1:5703");
  }

  @Test
  void whatVertxKeepsInTheClusterIsThere() {
    Config config = HazelcastConfig.of(settings("", 0, List.of()));

    assertThat(config.getMultiMapConfigs().get("__vertx.subs").getValueCollectionType())
      .isEqualTo(ValueCollectionType.SET);
    assertThat(config.getMapConfigs())
      .containsKeys("__vertx.haInfo", "__vertx.nodeInfo", HazelcastSemaphore.MAP);
  }

  @Test
  void settingsWinOverTheFile() {
    Config config = HazelcastConfig.of(settings("localhost", 5801, List.of("10.1.2.11:5801", "10.1.2.12:5801")));

    NetworkConfig network = config.getNetworkConfig();
    assertThat(network.getPort()).isEqualTo(5801);
    assertThat(network.getInterfaces().isEnabled()).isFalse();
    assertThat(config.getProperty(HazelcastConfig.LISTEN_ON)).isEqualTo("127.0.0.1");
    assertThat(config.getProperty(BIND_ANY)).isEqualTo("false");
    assertThat(network.getJoin().getTcpIpConfig().getMembers()).containsExactly("10.1.2.11:5801", "10.1.2.12:5801");
  }

  @Test
  void allAddressesAreListenedOnWhenToldSo() {
    Config config = HazelcastConfig.of(settings("0.0.0.0", 0, List.of()));

    assertThat(config.getProperty(BIND_ANY)).isEqualTo("true");
    assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isFalse();
  }

  @Test
  void nobodyWaitsToBeLetInWhateverTheFileSays() throws IOException {
    Config listed = HazelcastConfig.of(settings("", 0, List.of("10.1.2.11:5701", "10.1.2.12:5701")));
    Config discovered = HazelcastConfig.of(kubernetes(List.of()));

    assertThat(listed.getProperty(JOIN_WAIT)).isEqualTo("0");
    assertThat(listed.getProperty(LONGEST_JOIN_WAIT)).isEqualTo("0");
    assertThat(discovered.getProperty(LONGEST_JOIN_WAIT)).isEqualTo("0");
    // That long it looks for others when it starts.
    assertThat(discovered.getProperty(JOIN_WAIT)).isEqualTo("2");
  }

  @Test
  void kubernetesPartOfTheFileCanBeTakenIntoUse() throws IOException {
    JoinConfig join = HazelcastConfig.of(kubernetes(List.of())).getNetworkConfig().getJoin();

    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperty("service-dns")).startsWith("anteroom-cluster.");
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
  }

  @Test
  void membersOfTheSettingsReplaceKubernetes() throws IOException {
    JoinConfig join = HazelcastConfig.of(kubernetes(List.of("10.1.2.11:5701"))).getNetworkConfig().getJoin();

    assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
    assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
  }

  @Test
  void unusableFileAndUnknownHostAreNamed() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.xml"), "<hazelcast><netw");
    Path missing = directory.resolve("missing.xml");

    assertRefused(new JoinSettings("", "", 0, 0, List.of(), Optional.of(broken), TlsTrust.USUAL), broken.toString());
    assertRefused(new JoinSettings("", "", 0, 0, List.of(), Optional.of(missing), TlsTrust.USUAL), missing.toString());
    assertRefused(settings("no.such.host.invalid", 0, List.of()), "no.such.host.invalid");
  }

  private static void assertRefused(JoinSettings settings, String named) {
    assertThatExceptionOfType(JoinException.class).isThrownBy(() -> HazelcastConfig.of(settings))
      .withMessageContaining(named);
  }

  private JoinSettings kubernetes(List<String> members) throws IOException {
    String xml = Files.readString(Path.of("cluster.xml"))
      .replace("<tcp-ip enabled=\"true\"", "<tcp-ip enabled=\"false\"")
      .replace("<interfaces enabled=\"true\"", "<interfaces enabled=\"false\"")
      .replaceFirst("<!--\\s+<kubernetes", "<kubernetes")
      .replaceFirst("</kubernetes>\\s+-->", "</kubernetes>");
    Path file = Files.writeString(directory.resolve("kubernetes.xml"), xml);
    return new JoinSettings("", "", 0, 0, members, Optional.of(file), TlsTrust.USUAL);
  }

  private static JoinSettings settings(String host, int port, List<String> members) {
    return new JoinSettings("", host, port, 0, members, Optional.empty(), TlsTrust.USUAL);
  }
}
