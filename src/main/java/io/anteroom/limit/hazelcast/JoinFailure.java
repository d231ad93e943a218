package io.anteroom.limit.hazelcast;

import com.hazelcast.config.NetworkConfig;
import java.net.BindException;

/** Why this node cannot be part of the cluster, in words for the one who starts it. */
public final class JoinFailure extends RuntimeException {
  private static final String NO_SUCH_INTERFACE = "No matching network interface found";

  private JoinFailure(String message, Throwable cause) {
    super(message, cause);
  }

  static JoinFailure unreadable(String file, Throwable cause) {
    return new JoinFailure("cluster configuration %s cannot be used: %s".formatted(file, cause), cause);
  }

  static JoinFailure unknownHost(String host, Throwable cause) {
    return new JoinFailure("cluster.host: no address is known for '%s'".formatted(host), cause);
  }

  /** What stood in the way when Hazelcast or, after it, the event bus was to start. */
  static JoinFailure of(Throwable cause, NetworkConfig network, int eventBusPort) {
    return new JoinFailure(reason(cause, network, eventBusPort), cause);
  }

  private static String reason(Throwable cause, NetworkConfig network, int eventBusPort) {
    if (cause instanceof BindException) {
      return "cluster.event_bus_port %d cannot be listened on (%s): set a free one, or 0 for any free one"
        .formatted(eventBusPort, cause.getMessage());
    }
    if (cause.getCause() instanceof BindException taken) {
      return "cluster.port %d cannot be listened on (%s): is another node running on this machine? Set a free port "
        .formatted(network.getPort(), taken.getMessage()) + "that is listed in cluster.members";
    }
    if (String.valueOf(cause.getMessage()).contains(NO_SUCH_INTERFACE)) {
      return "cluster.host: this machine has no address like %s, set one that it has"
        .formatted(network.getInterfaces().getInterfaces());
    }
    return "this node cannot join the cluster: " + cause;
  }
}
