package io.anteroom.edge.session;

import io.anteroom.comfy.ComfyMessages.Loss;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.comfy.SocketMessage.Binary;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Filters the messages of one instance for a session: only those of its student's tasks.
 *
 * <p>ComfyUI broadcasts much that concerns one student alone. Where others use the instance too, messages without a
 * task id pass only while a task of this session runs there.
 */
final class InstanceChannel implements InstanceSocket.Listener {
  private static final String LOGS = "logs";
  /** The response to a submit follows the instance's own within milliseconds, unless the event gets lost. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Programs receive messages and the response to a submit by different connections, often in different threads; where
   * something is computed, ComfyUI's first message follows some milliseconds after its response.
   */
  private static final Duration READ_DELAY = Duration.ofMillis(5);

  private final String instance;
  private final Host host;
  private final SessionContext context;
  private final InstanceSocket socket;
  private final ProgressReporter progress;
  private final Latest latest = new Latest();
  /** The tasks that it listens for, and whether they were certainly sent under its session's client id. */
  private final Map<String, Boolean> tasks = new HashMap<>(2);
  /** Tasks whose submitter has no response yet: a page recognizes its own run by that. */
  private final Set<String> unanswered = new HashSet<>(1);
  /** Messages since the first one of such a run; nothing more is read meanwhile. */
  private final List<WebSocketMessage> held = new ArrayList<>();
  private boolean reads = true;
  private String lastEnded = "";
  private boolean running;
  private boolean hasSent;
  private String sentFlags = "";

  InstanceChannel(String instance, Host host, SessionContext context,
      Supplier<Optional<WebSocketConnectOptions>> target, String user) {
    this.instance = instance;
    this.host = host;
    this.context = context;
    this.socket = new InstanceSocket(context, target, this);
    this.progress = new ProgressReporter(context.bus(), user, instance);
  }

  /** The session, as its channels see it. */
  interface Host {
    /** The browser's feature flags; empty when it sent none. */
    String flags();

    /** Whether the instance is the one whose page the student sees. */
    boolean isHome(String instance);

    boolean isOwn(String promptId);

    /** A message for the browsers; {@code event} is empty for binary ones. */
    void forward(WebSocketMessage message, Optional<SocketMessage> event);

    /** The home instance sends how many tasks it has, or answers the browser's feature flags. */
    void onInstanceState(WebSocketMessage message, SocketMessage event);

    /** The bytes pending for an instance have changed. */
    void pendingChanged();

    /** A message did not reach the page, or the instance. */
    void lost(Loss loss, String instance);
  }

  String instance() {
    return instance;
  }

  InstanceSocket socket() {
    return socket;
  }

  /** @param certain whether the task was sent under this session's client id; it may be another session's else */
  void attach(String task, boolean certain) {
    tasks.merge(task, certain, Boolean::logicalOr);
  }

  /** Holds back messages of this task until its submitter has the response. */
  void holdUntilAnswered(String task) {
    unanswered.add(task);
  }

  /** The response was sent to the submitter of this task; it is to arrive before the messages of the run. */
  void answered(String task) {
    if (unanswered.contains(task)) {
      context.vertx().setTimer(READ_DELAY.toMillis(), read -> {
        if (unanswered.remove(task) && unanswered.isEmpty()) {
          release();
        }
      });
    }
  }

  /** Whether it holds back messages of a task. */
  boolean hasUnanswered() {
    return !unanswered.isEmpty();
  }

  /** Starts or stops reading from the instance (backpressure). */
  void reading(boolean on) {
    reads = on;
    socket.reading(reads && held.isEmpty());
  }

  boolean hasTasks() {
    return !tasks.isEmpty();
  }

  /** The tasks that were certainly sent under this session's client id. */
  List<String> certainTasks() {
    return tasks.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
  }

  /** The tasks that it listens for and that are in the student's lists. */
  Set<String> tasks() {
    Set<String> listed = new HashSet<>(tasks.keySet());
    listed.removeAll(unanswered);
    return listed;
  }

  /** Whether messages about it may still come. */
  boolean knows(String promptId) {
    return tasks.containsKey(promptId) || lastEnded.equals(promptId);
  }

  /** The task has ended, or runs elsewhere. */
  void ended(String task) {
    if (tasks.remove(task) != null) {
      lastEnded = task;
    }
    answered(task);
    latest.forget(task);
    running = running && hasTasks();
    flagsChanged();
  }

  List<WebSocketMessage> latest() {
    return latest.messages();
  }

  /** A message that another node received last. */
  void remember(WebSocketMessage message) {
    latest.record(SocketMessage.of(message.content()), message);
  }

  /** Sends a browser's message to the instance. */
  void send(WebSocketMessage message) {
    hasSent = hasSent || socket.isOpen();
    if (!socket.isOpen()) {
      host.lost(Loss.NOT_SAID, instance);
    }
    socket.send(message);
  }

  /** Sends changed flags again, by a new socket: an instance reads them only in the first message of one. */
  void flagsChanged() {
    if (!socket.isOpen() || host.flags().isEmpty() || host.flags().equals(sentFlags)) {
      return;
    }
    if (!hasSent) {
      sendFlags();
    } else if (!running && tasks.isEmpty()) {
      socket.reopen();
    }
  }

  Future<Void> close() {
    return socket.close();
  }

  @Override
  public void opened() {
    hasSent = false;
    sentFlags = "";
    if (!host.flags().isEmpty()) {
      sendFlags();
    }
  }

  @Override
  public void closed() {
    running = false;
  }

  @Override
  public void pendingChanged() {
    host.pendingChanged();
  }

  @Override
  public void tooLarge() {
    host.lost(Loss.MESSAGE_TOO_LARGE, instance);
  }

  @Override
  public void onMessage(WebSocketMessage message) {
    if (!held.isEmpty() || isOfUnanswered(message)) {
      hold(message);
    } else {
      take(message);
    }
  }

  private boolean isOfUnanswered(WebSocketMessage message) {
    return !unanswered.isEmpty() && unanswered.contains(
      message.isText() ? SocketMessage.of(message.content()).promptId() : Binary.promptId(message.content()));
  }

  private void hold(WebSocketMessage message) {
    if (held.isEmpty()) {
      context.vertx().setTimer(RESPONSE_TIMEOUT.toMillis(), late -> {
        unanswered.clear();
        release();
      });
    }
    held.add(message);
    reading(reads);
  }

  private void release() {
    List<WebSocketMessage> all = List.copyOf(held);
    held.clear();
    all.forEach(this::take);
    reading(reads);
  }

  private void take(WebSocketMessage message) {
    if (message.isText()) {
      onText(message, SocketMessage.of(message.content()));
    } else if (mayPass(Binary.promptId(message.content()), false)) {
      host.forward(message, Optional.empty());
    }
  }

  private void onText(WebSocketMessage message, SocketMessage event) {
    switch (event.type()) {
      case SocketMessage.STATUS, SocketMessage.FEATURE_FLAGS -> {
        if (host.isHome(instance)) {
          host.onInstanceState(message, event);
        }
      }
      default -> {
        if (!(isStrict() && event.type().equals(LOGS))
            && mayPass(event.promptId(), event.type().equals(SocketMessage.EXECUTING))) {
          pass(message, event);
        }
      }
    }
  }

  /** @param toOwnersOnly whether the instance sends such a message to its owner alone */
  private boolean mayPass(String promptId, boolean toOwnersOnly) {
    if (!isStrict()) {
      return true;
    }
    return promptId.isEmpty() ? running || toOwnersOnly : host.isOwn(promptId);
  }

  private boolean isStrict() {
    return !host.isHome(instance) || context.isShared(instance);
  }

  private void pass(WebSocketMessage message, SocketMessage event) {
    progress.accept(message.content());
    latest.record(event, message);
    updateRunning(event);
    host.forward(message, Optional.of(event));
  }

  private void updateRunning(SocketMessage event) {
    if (event.type().equals(SocketMessage.EXECUTING)) {
      running = !event.noNode();
    } else if (!event.promptId().isEmpty() && !event.isVerdict()) {
      running = true;
    }
  }

  private void sendFlags() {
    sentFlags = host.flags();
    send(WebSocketMessage.text(sentFlags));
  }

  /** Keeps the last messages that show the state of a run, for a browser that connects in the middle of it. */
  static final class Latest {
    private static final int MAX_SIZE = 1 << 20;

    private String promptId = "";
    private WebSocketMessage start;
    private WebSocketMessage state;
    private WebSocketMessage executing;

    void record(SocketMessage event, WebSocketMessage message) {
      if (event.endsRun()) {
        forget(event.promptId());
        return;
      }
      if (event.promptId().isEmpty() || event.isVerdict()) {
        return;
      }
      if (!event.promptId().equals(promptId)) {
        forget(promptId);
        promptId = event.promptId();
      }
      WebSocketMessage kept = message.size() <= MAX_SIZE ? message : null;
      switch (event.type()) {
        case SocketMessage.START -> start = kept;
        case SocketMessage.PROGRESS_STATE -> state = kept;
        case SocketMessage.EXECUTING -> executing = kept;
        default -> { }
      }
    }

    /** Drops the messages of this task. */
    void forget(String ended) {
      if (promptId.equals(ended)) {
        promptId = "";
        start = null;
        state = null;
        executing = null;
      }
    }

    /** In the order in which a page expects them. */
    List<WebSocketMessage> messages() {
      return Stream.of(start, state, executing).filter(Objects::nonNull).toList();
    }
  }
}
