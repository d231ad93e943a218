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

/** Hazelcast's configuration: {@code cluster.xml} with the node's own settings laid over it. */
public final class HazelcastConfig {
  private static final String FILE = "cluster.xml";
  private static final String ALL_ADDRESSES = "0.0.0.0";
  static final String LISTEN_ON = "hazelcast.local.localAddress";
  private static final Logger log = LoggerFactory.getLogger(HazelcastConfig.class);

  private HazelcastConfig() {
  }

  /** The whole of it. Fails with a {@link JoinException} that names what is wrong in file or settings. */
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
    letInAtOnce(config);
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
   * Not by an interface, as the file has it: where interfaces are named, Hazelcast takes for members only those of the
   * names in the list that lead to one of them, to this machine.
   */
  private static void listenOn(String host, Config config) {
    boolean everywhere = host.equals(ALL_ADDRESSES);
    config.getNetworkConfig().getInterfaces().clear().setEnabled(false);
    config.setProperty("hazelcast.socket.bind.any", Boolean.toString(everywhere));
    if (!everywhere) {
      config.setProperty(LISTEN_ON, addressOf(host));
    }
  }

  /** One of this machine: on another's nobody could listen. */
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
   * Whoever asks to join does not wait, whatever the file says. He might turn to the other half of a split cluster
   * meanwhile, and the first half would await him for ever: who awaits somebody looks for no other half. Where nodes
   * are discovered one of the two times has to stay, for it is also how long a starting node looks for others.
   */
  private static void letInAtOnce(Config config) {
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
   * @param file         the {@code cluster.xml} to take; empty for the one in the working directory, else the jar's
   * @param tls          of the event bus, which has none unless it is mutual
   */
  public record JoinSettings(
      String node, String host, int port, int eventBusPort, List<String> members, Optional<Path> file,
      TlsTrust tls) {

    public JoinSettings {
      members = List.copyOf(members);
    }
  }
}
