package io.anteroom.cluster.hazelcast;

import io.anteroom.config.tls.Trust;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
    Trust tls) {

  public JoinSettings {
    members = List.copyOf(members);
  }
}
