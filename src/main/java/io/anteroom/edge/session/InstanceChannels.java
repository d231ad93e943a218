package io.anteroom.edge.session;

import io.anteroom.bus.SessionServices.Left;
import io.anteroom.comfy.http.HttpClients;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.directory.Instance;
import io.anteroom.edge.session.SessionRegistry.Arrival;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The channels of one session, one to each instance that it listens to. */
final class InstanceChannels {
  /** How long a channel without a task stays open: the instance's last messages may still arrive. */
  private static final Duration LINGER = Duration.ofSeconds(5);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

  private final SessionContext context;
  private final String clientId;
  private final InstanceChannel.Host host;
  private final Map<String, InstanceChannel> channels = new LinkedHashMap<>(2);
  private Arrival arrival;
  private Future<Void> closed;

  /** @param arrival of a session without a browser */
  InstanceChannels(SessionContext context, String clientId, InstanceChannel.Host host, Arrival arrival) {
    this.context = context;
    this.clientId = clientId;
    this.host = host;
    this.arrival = arrival;
  }

  /** The query and cookies of the latest browser go to the instances as well. */
  void arrived(Arrival latest) {
    arrival = latest;
  }

  /** The session's client id. */
  String clientId() {
    return clientId;
  }

  Collection<InstanceChannel> all() {
    return channels.values();
  }

  Optional<InstanceChannel> find(String instance) {
    return Optional.ofNullable(channels.get(instance));
  }

  InstanceChannel at(String instance) {
    return channels.computeIfAbsent(instance,
      name -> new InstanceChannel(name, host, context, () -> target(name), arrival.user()));
  }

  /** The channel to this instance, which listens for a task from now on; does not open its socket. */
  InstanceChannel listen(String instance, String task, boolean certain) {
    InstanceChannel channel = at(instance);
    channel.attach(task, certain);
    return channel;
  }

  boolean know(String promptId) {
    return channels.values().stream().anyMatch(channel -> channel.knows(promptId));
  }

  /** Whether there is a task whose submitter has no response yet, so that it is in no list. */
  boolean haveUnanswered() {
    return channels.values().stream().anyMatch(InstanceChannel::hasUnanswered);
  }

  /** Starts or stops reading from the instances (backpressure). */
  void reading(boolean on) {
    channels.values().forEach(channel -> channel.reading(on));
  }

  /** The submitter of this task has the response. */
  void answered(String task) {
    channels.values().forEach(channel -> channel.answered(task));
  }

  /** Whether too much is pending for an instance. */
  boolean areFull() {
    return channels.values().stream().anyMatch(channel -> channel.socket().isFull());
  }

  void ping() {
    channels.values().forEach(channel -> channel.socket().ping());
  }

  /** The messages that show the state of what runs. */
  List<WebSocketMessage> latest() {
    return channels.values().stream().flatMap(channel -> channel.latest().stream()).toList();
  }

  List<Left.Sent> certainTasks() {
    return channels.values().stream()
      .flatMap(channel -> channel.certainTasks().stream().map(task -> new Left.Sent(channel.instance(), task)))
      .toList();
  }

  /** All tasks that are listened for. */
  Set<TaskId> tasks() {
    return channels.values().stream().flatMap(channel -> channel.tasks().stream()).map(TaskId::new)
      .collect(Collectors.toCollection(HashSet::new));
  }

  boolean haveTasks() {
    return channels.values().stream().anyMatch(InstanceChannel::hasTasks);
  }

  /** Closes, after a while, the channels that are still not needed then. */
  void tidy(Predicate<InstanceChannel> needed) {
    List.copyOf(channels.values()).stream().filter(needed.negate()).forEach(channel ->
      context.vertx().setTimer(LINGER.toMillis(), later -> {
        if (!needed.test(channel) && channels.remove(channel.instance(), channel)) {
          channel.close();
        }
      }));
  }

  /** Closes all channels, which keep what they know; idempotent, done when they are closed. */
  Future<Void> close() {
    if (closed == null) {
      List<Future<Void>> closing = channels.values().stream().map(InstanceChannel::close).toList();
      closed = closing.isEmpty() ? Future.succeededFuture() : Future.join(closing).mapEmpty();
    }
    return closed;
  }

  private Optional<WebSocketConnectOptions> target(String instance) {
    return context.directory().get().instance(instance).map(this::target);
  }

  private WebSocketConnectOptions target(Instance instance) {
    String uri = ComfyProtocol.SOCKET + "?" + ComfyProtocol.CLIENT_ID + "="
      + URLEncoder.encode(clientId, StandardCharsets.UTF_8) + arrival.query();
    WebSocketConnectOptions options = HttpClients.directTo(instance, uri, new WebSocketConnectOptions());
    if (!arrival.cookie().isEmpty()) {
      options.putHeader(HttpHeaders.COOKIE, arrival.cookie());
    }
    return options.setTimeout(HANDSHAKE_TIMEOUT.toMillis()).setAllowOriginHeader(false);
  }
}
