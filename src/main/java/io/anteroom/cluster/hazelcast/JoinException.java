package io.anteroom.cluster.hazelcast;

import com.hazelcast.config.NetworkConfig;
import java.net.BindException;

/** Why this node cannot join the cluster, in a message for the operator who starts it. */
public final class JoinException extends RuntimeException {
  private static final String NO_SUCH_INTERFACE = "No matching network interface found";

  private JoinException(String message, Throwable cause) {
    super(message, cause);
  }

  static JoinException unreadable(String file, Throwable cause) {
    return new JoinException("cluster configuration %s cannot be used: %s".formatted(file, cause), cause);
  }

  static JoinException unknownHost(String host, Throwable cause) {
    return new JoinException("cluster.host: no address is known for '%s'".formatted(host), cause);
  }

  static JoinException foreignHost(String host, Throwable cause) {
    return new JoinException("cluster.host: this machine has no address %s; set one that it has".formatted(host),
      cause);
  }

  /** Another node exchanges messages and classes that this one would misread, or the other way round. */
  static JoinException otherVersion(String other) {
    return new JoinException(("%s runs another version of Anteroom, with which this one cannot work;"
      + " stop all nodes first, then start all of them with the same version").formatted(other), null);
  }

  /** One side has TLS on its event bus, and the other does not. */
  static JoinException tlsMismatch(String other, boolean otherHasTls) {
    return new JoinException(("cluster.tls: this node's event bus is %s TLS and that of %s is %s it;"
      + " set cluster.tls.cert, key and ca on all nodes or on none")
      .formatted(otherHasTls ? "without" : "with", other, otherHasTls ? "with" : "without"), null);
  }

  /** Another member and this one do not trust each other's certificates. */
  static JoinException untrusted(String other, Throwable cause) {
    return new JoinException(("cluster.tls: %s and this node do not trust each other's certificates (%s);"
      + " all nodes need certificates of one authority, and that authority as cluster.tls.ca")
      .formatted(other, cause.getMessage()), cause);
  }

  /** Why Hazelcast or, after it, the event bus could not start. */
  static JoinException of(Throwable cause, NetworkConfig network, int eventBusPort) {
    return new JoinException(reason(cause, network, eventBusPort), cause);
  }

  private static String reason(Throwable cause, NetworkConfig network, int eventBusPort) {
    if (cause instanceof BindException) {
      return "cluster.event_bus_port %d cannot be listened on (%s): set a free port, or 0 for any free one"
        .formatted(eventBusPort, cause.getMessage());
    }
    if (cause.getCause() instanceof BindException taken) {
      return "cluster.port %d cannot be listened on (%s): is another node running on this machine? Set a free port "
        .formatted(network.getPort(), taken.getMessage()) + "that is listed in cluster.members";
    }
    if (String.valueOf(cause.getMessage()).contains(NO_SUCH_INTERFACE)) {
      return "cluster configuration: this machine has no interface %s; set one that it has, or set cluster.host"
        .formatted(network.getInterfaces().getInterfaces());
    }
    return "this node cannot join the cluster: " + cause;
  }
}
