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

/** The lines of one session, one to each instance that it listens to. */
final class InstanceChannels {
  /** How long a line without a task stays: the instance's last words may still be on their way. */
  private static final Duration LINGER = Duration.ofSeconds(5);
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

  private final SessionContext means;
  private final String clientId;
  private final InstanceChannel.Host host;
  private final Map<String, InstanceChannel> lines = new LinkedHashMap<>(2);
  private Arrival arrival;
  private Future<Void> closed;

  /** @param arrival without a browser, only the user counts */
  InstanceChannels(SessionContext means, String clientId, InstanceChannel.Host host, Arrival arrival) {
    this.means = means;
    this.clientId = clientId;
    this.host = host;
    this.arrival = arrival;
  }

  /** What the latest browser sent along goes to the instances as well. */
  void arrived(Arrival latest) {
    arrival = latest;
  }

  /** That of the session. */
  String clientId() {
    return clientId;
  }

  Collection<InstanceChannel> all() {
    return lines.values();
  }

  Optional<InstanceChannel> find(String instance) {
    return Optional.ofNullable(lines.get(instance));
  }

  InstanceChannel at(String instance) {
    return lines.computeIfAbsent(instance,
      name -> new InstanceChannel(name, host, means, () -> target(name), arrival.user()));
  }

  /** The line to this instance, which listens for a task there; whether its socket is open is another matter. */
  InstanceChannel listen(String instance, String task, boolean certain) {
    InstanceChannel line = at(instance);
    line.attach(task, certain);
    return line;
  }

  boolean know(String promptId) {
    return lines.values().stream().anyMatch(line -> line.knows(promptId));
  }

  /** Whether there is a task whose submitter has no answer yet, so that it stands in no list. */
  boolean haveUnanswered() {
    return lines.values().stream().anyMatch(InstanceChannel::hasUnanswered);
  }

  /** Reads from the instances, or stops reading. */
  void reading(boolean on) {
    lines.values().forEach(line -> line.reading(on));
  }

  /** The submitter of this task has its answer. */
  void answered(String task) {
    lines.values().forEach(line -> line.answered(task));
  }

  /** Whether an instance must be given time. */
  boolean areFull() {
    return lines.values().stream().anyMatch(line -> line.socket().isFull());
  }

  void ping() {
    lines.values().forEach(line -> line.socket().ping());
  }

  /** How what runs stands. */
  List<WebSocketMessage> latest() {
    return lines.values().stream().flatMap(line -> line.latest().stream()).toList();
  }

  List<Left.Sent> certainTasks() {
    return lines.values().stream()
      .flatMap(line -> line.certainTasks().stream().map(task -> new Left.Sent(line.instance(), task)))
      .toList();
  }

  /** All that are listened for. */
  Set<TaskId> tasks() {
    return lines.values().stream().flatMap(line -> line.tasks().stream()).map(TaskId::new)
      .collect(Collectors.toCollection(HashSet::new));
  }

  boolean haveTasks() {
    return lines.values().stream().anyMatch(InstanceChannel::hasTasks);
  }

  /** Closes, after a while, those that are not needed then either. */
  void tidy(Predicate<InstanceChannel> needed) {
    List.copyOf(lines.values()).stream().filter(needed.negate()).forEach(line ->
      means.vertx().setTimer(LINGER.toMillis(), later -> {
        if (!needed.test(line) && lines.remove(line.instance(), line)) {
          line.close();
        }
      }));
  }

  /** Closes all for good, and remembers what they know; done, however often it is called, when they are closed. */
  Future<Void> close() {
    if (closed == null) {
      List<Future<Void>> closing = lines.values().stream().map(InstanceChannel::close).toList();
      closed = closing.isEmpty() ? Future.succeededFuture() : Future.join(closing).mapEmpty();
    }
    return closed;
  }

  private Optional<WebSocketConnectOptions> target(String instance) {
    return means.directory().get().instance(instance).map(this::target);
  }

  private WebSocketConnectOptions target(Instance instance) {
    String uri = ComfyProtocol.SOCKET + "?" + ComfyProtocol.CLIENT_ID + "="
      + URLEncoder.encode(clientId, StandardCharsets.UTF_8) + arrival.query();
    WebSocketConnectOptions options = HttpClients.directTo(instance, uri, new WebSocketConnectOptions());
    if (!arrival.cookie().isEmpty()) {
      options.putHeader(HttpHeaders.COOKIE, arrival.cookie());
    }
    return options.setTimeout(HANDSHAKE.toMillis()).setAllowOriginHeader(false);
  }
}
