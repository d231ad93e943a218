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
    return new JoinFailure("cluster configuration %s cannot be used: %s".formatted(file, cause.getMessage()), cause);
  }

  static JoinFailure unknownHost(String host, Throwable cause) {
    return new JoinFailure("cluster.host: no address is known for '%s'".formatted(host), cause);
  }

  /** What stood in the way when Hazelcast or, after it, the event bus was to start. */
  static JoinFailure of(Throwable cause, NetworkConfig network, int eventBusPort) {
    if (cause instanceof BindException) {
      return new JoinFailure(("cluster.event_bus_port %d cannot be listened on (%s): "
        + "set a free one, or 0 for any free one").formatted(eventBusPort, cause.getMessage()), cause);
    }
    if (cause.getCause() instanceof BindException taken) {
      return new JoinFailure(("cluster.port %d cannot be listened on (%s): stop the other node on this machine, "
        + "or set a free port that is listed in cluster.members").formatted(network.getPort(), taken.getMessage()), cause);
    }
    if (String.valueOf(cause.getMessage()).contains(NO_SUCH_INTERFACE)) {
      return new JoinFailure("cluster.host: this machine has no address like %s, set one that it has"
        .formatted(network.getInterfaces().getInterfaces()), cause);
    }
    return new JoinFailure("this node cannot join the cluster: " + cause, cause);
  }
}
