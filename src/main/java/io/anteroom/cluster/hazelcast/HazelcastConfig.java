package io.anteroom.cluster.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.XmlConfigBuilder;
import io.anteroom.config.tls.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hazelcast's configuration: {@code cluster.xml}, overridden by the node's own settings. */
public final class HazelcastConfig {
  private static final String FILE = "cluster.xml";
  private static final String ALL_ADDRESSES = "0.0.0.0";
  static final String LISTEN_ON = "hazelcast.local.localAddress";
  private static final Logger log = LoggerFactory.getLogger(HazelcastConfig.class);

  private HazelcastConfig() {
  }

  /** Throws a {@link JoinException} that names what is wrong in the file or the settings. */
  static Config of(JoinSettings settings) {
    Config config = read(settings);
    if (!settings.node().isEmpty()) {
      config.setInstanceName(settings.node());
    }
    config.getMemberAttributeConfig().setAttribute(HazelcastMember.NODE_NAME, settings.node());
    config.getMemberAttributeConfig().setAttribute(HazelcastMember.PROTOCOL, HazelcastMember.PROTOCOL_VERSION);
    if (settings.port() != 0) {
      config.getNetworkConfig().setPort(settings.port()).setPortAutoIncrement(false);
    }
    if (!settings.host().isEmpty()) {
      listenOn(settings.host(), config);
    }
    JoinConfig join = config.getNetworkConfig().getJoin();
    if (!settings.members().isEmpty()) {
      join.getKubernetesConfig().setEnabled(false);
      join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
    }
    acceptJoinsAtOnce(config);
    return config;
  }

  private static Config read(JoinSettings settings) {
    Path inWorkingDirectory = Path.of(FILE);
    Path path = settings.file().orElse(inWorkingDirectory).toAbsolutePath();
    boolean fromJar = settings.file().isEmpty() && Files.notExists(path);
    String origin = fromJar ? "classpath:" + FILE : path.toString();
    try (InputStream xml = fromJar ? HazelcastConfig.class.getResourceAsStream("/" + FILE)
        : Files.newInputStream(path)) {
      log.info("Cluster configured: file={}", origin);
      return new XmlConfigBuilder(xml).build();
    } catch (IOException | InvalidConfigurationException cause) {
      throw JoinException.unreadable(origin, cause);
    }
  }

  /**
   * Sets the local address in place of the file's interface: where interfaces are named, Hazelcast accepts as members
   * only those listed names that resolve to one of them, which is this machine.
   */
  private static void listenOn(String host, Config config) {
    boolean everywhere = host.equals(ALL_ADDRESSES);
    config.getNetworkConfig().getInterfaces().clear().setEnabled(false);
    config.setProperty("hazelcast.socket.bind.any", Boolean.toString(everywhere));
    if (!everywhere) {
      config.setProperty(LISTEN_ON, addressOf(host));
    }
  }

  /** The address of this machine that the name means. */
  private static String addressOf(String host) {
    try (ServerSocket trial = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return trial.getInetAddress().getHostAddress();
    } catch (UnknownHostException cause) {
      throw JoinException.unknownHost(host, cause);
    } catch (IOException cause) {
      throw JoinException.foreignHost(host, cause);
    }
  }

  /**
   * A node that asks to join does not wait, whatever the file says. Otherwise it could join the other half of a split
   * cluster meanwhile, and the first half would wait for it forever: a member that waits for another does not look for
   * the other half. With discovery one of the two times must stay, since it is also how long a starting node looks for
   * others.
   */
  private static void acceptJoinsAtOnce(Config config) {
    config.setProperty("hazelcast.max.wait.seconds.before.join", "0");
    if (config.getNetworkConfig().getJoin().getTcpIpConfig().isEnabled()) {
      config.setProperty("hazelcast.wait.seconds.before.join", "0");
    }
  }

  /**
   * How this node joins the cluster, where that differs from {@code cluster.xml}.
   *
   * @param node         the node's name in logs and thread names; empty for one of Hazelcast's choice
   * @param host         address of this machine that cluster and event bus listen on; empty for what the file says,
   *                     {@code 0.0.0.0} for all addresses
   * @param port         0 for what the file says
   * @param eventBusPort 0 for any free one
   * @param members      all nodes as {@code host:port}; empty for those of the file
   * @param file         the {@code cluster.xml} to use; empty for the one in the working directory, else the jar's
   * @param tls          for the event bus, which uses TLS only if it is mutual
   */
  public record JoinSettings(
      String node, String host, int port, int eventBusPort, List<String> members, Optional<Path> file,
      TlsTrust tls) {

    public JoinSettings {
      members = List.copyOf(members);
    }
  }
}
