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
 * What a session hears from one instance: which tasks it listens for there, and which messages are its student's.
 *
 * <p>ComfyUI tells everybody much that is one student's business. Where others use the instance too, what does not say
 * that it is ours passes only while a task of ours runs there.
 */
final class InstanceChannel implements InstanceSocket.Listener {
  private static final String LOGS = "logs";
  /** The answer to a submit follows the instance's own within milliseconds, unless word of it gets lost. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

  /**
   * Programs hear of a run by another connection, often in another thread, than that by which its answer comes; where
   * something is computed, ComfyUI's first word follows some milliseconds after its answer.
   */
  private static final Duration READ_WITHIN = Duration.ofMillis(5);

  private final String instance;
  private final Host host;
  private final SessionContext means;
  private final InstanceSocket socket;
  private final ProgressReporter noter;
  private final Latest latest = new Latest();
  /** Those that it listens for, and whether they were certainly sent under its session's client id. */
  private final Map<String, Boolean> tasks = new HashMap<>(2);
  /** Those whose submitter has no answer yet: a page learns from it that a run is its own. */
  private final Set<String> unanswered = new HashSet<>(1);
  /** What came since the first message of such a run; nothing more is read meanwhile. */
  private final List<WebSocketMessage> held = new ArrayList<>();
  private boolean reads = true;
  private String lastEnded = "";
  private boolean running;
  private boolean spoken;
  private String toldFlags = "";

  InstanceChannel(String instance, Host host, SessionContext means,
      Supplier<Optional<WebSocketConnectOptions>> target, String user) {
    this.instance = instance;
    this.host = host;
    this.means = means;
    this.socket = new InstanceSocket(means, target, this);
    this.noter = new ProgressReporter(means.bus(), user, instance);
  }

  /** The session, as its lines know it. */
  interface Host {
    /** The browser's feature flags; empty when it told none. */
    String flags();

    /** Whether the instance is the one whose page the student sees. */
    boolean isHome(String instance);

    boolean isOwn(String promptId);

    /** A message for the browsers; {@code told} is empty of binary ones. */
    void pass(WebSocketMessage said, Optional<SocketMessage> told);

    /** The home instance says how many tasks it has, or answers the browser's feature flags. */
    void toldOfItself(WebSocketMessage said, SocketMessage told);

    /** More or less is on the way to an instance than before. */
    void moved();

    /** Something did not reach the page, or the instance. */
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

  /** Holds back what it hears of this task until its submitter has an answer. */
  void holdUntilAnswered(String task) {
    unanswered.add(task);
  }

  /** The answer is on its way to the submitter of this task, and reaches it before what is told of the run. */
  void answered(String task) {
    if (unanswered.contains(task)) {
      means.vertx().setTimer(READ_WITHIN.toMillis(), read -> {
        if (unanswered.remove(task) && unanswered.isEmpty()) {
          release();
        }
      });
    }
  }

  /** Whether it holds back what it hears of a task. */
  boolean hasUnanswered() {
    return !unanswered.isEmpty();
  }

  /** Reads from the instance, or stops reading. */
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

  /** Those that it listens for and that stand in the student's lists. */
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
    flagsMayDiffer();
  }

  List<WebSocketMessage> latest() {
    return latest.words();
  }

  /** What another node heard last. */
  void remember(WebSocketMessage said) {
    latest.note(SocketMessage.of(said.content()), said);
  }

  /** Tells the instance what a browser says. */
  void say(WebSocketMessage said) {
    spoken = spoken || socket.isOpen();
    if (!socket.isOpen()) {
      host.lost(Loss.NOT_SAID, instance);
    }
    socket.tell(said);
  }

  /** The browser has told its flags; an instance looks at the first message of a socket only. */
  void flagsMayDiffer() {
    if (!socket.isOpen() || host.flags().isEmpty() || host.flags().equals(toldFlags)) {
      return;
    }
    if (!spoken) {
      tellFlags();
    } else if (!running && tasks.isEmpty()) {
      socket.reopen();
    }
  }

  Future<Void> close() {
    return socket.close();
  }

  @Override
  public void opened() {
    spoken = false;
    toldFlags = "";
    if (!host.flags().isEmpty()) {
      tellFlags();
    }
  }

  @Override
  public void closed() {
    running = false;
  }

  @Override
  public void moved() {
    host.moved();
  }

  @Override
  public void tooLarge() {
    host.lost(Loss.MESSAGE_TOO_LARGE, instance);
  }

  @Override
  public void heard(WebSocketMessage said) {
    if (!held.isEmpty() || isOfUnanswered(said)) {
      hold(said);
    } else {
      take(said);
    }
  }

  private boolean isOfUnanswered(WebSocketMessage said) {
    return !unanswered.isEmpty() && unanswered.contains(
      said.isText() ? SocketMessage.of(said.content()).promptId() : Binary.promptId(said.content()));
  }

  private void hold(WebSocketMessage said) {
    if (held.isEmpty()) {
      means.vertx().setTimer(ANSWERED_WITHIN.toMillis(), late -> {
        unanswered.clear();
        release();
      });
    }
    held.add(said);
    reading(reads);
  }

  private void release() {
    List<WebSocketMessage> all = List.copyOf(held);
    held.clear();
    all.forEach(this::take);
    reading(reads);
  }

  private void take(WebSocketMessage said) {
    if (said.isText()) {
      heard(said, SocketMessage.of(said.content()));
    } else if (mayPass(Binary.promptId(said.content()), false)) {
      host.pass(said, Optional.empty());
    }
  }

  private void heard(WebSocketMessage said, SocketMessage told) {
    switch (told.type()) {
      case SocketMessage.STATUS, SocketMessage.FEATURE_FLAGS -> {
        if (host.isHome(instance)) {
          host.toldOfItself(said, told);
        }
      }
      default -> {
        if (!(isStrict() && told.type().equals(LOGS))
            && mayPass(told.promptId(), told.type().equals(SocketMessage.EXECUTING))) {
          pass(said, told);
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
    return !host.isHome(instance) || means.isShared(instance);
  }

  private void pass(WebSocketMessage said, SocketMessage told) {
    noter.look(said.content());
    latest.note(told, said);
    note(told);
    host.pass(said, Optional.of(told));
  }

  private void note(SocketMessage told) {
    if (told.type().equals(SocketMessage.EXECUTING)) {
      running = !told.noNode();
    } else if (!told.promptId().isEmpty() && !told.isVerdict()) {
      running = true;
    }
  }

  private void tellFlags() {
    toldFlags = host.flags();
    say(WebSocketMessage.text(toldFlags));
  }

  /** The last messages that tell how a run stands, for a browser that comes in the middle of it. */
  static final class Latest {
    private static final int LARGEST = 1 << 20;

    private String promptId = "";
    private WebSocketMessage start;
    private WebSocketMessage state;
    private WebSocketMessage executing;

    void note(SocketMessage told, WebSocketMessage said) {
      if (told.endsRun()) {
        forget(told.promptId());
        return;
      }
      if (told.promptId().isEmpty() || told.isVerdict()) {
        return;
      }
      if (!told.promptId().equals(promptId)) {
        forget(promptId);
        promptId = told.promptId();
      }
      WebSocketMessage kept = said.size() <= LARGEST ? said : null;
      switch (told.type()) {
        case SocketMessage.START -> start = kept;
        case SocketMessage.PROGRESS_STATE -> state = kept;
        case SocketMessage.EXECUTING -> executing = kept;
        default -> { }
      }
    }

    /** Forgets what was told of this task. */
    void forget(String ended) {
      if (promptId.equals(ended)) {
        promptId = "";
        start = null;
        state = null;
        executing = null;
      }
    }

    /** In the order in which a page expects them. */
    List<WebSocketMessage> words() {
      return Stream.of(start, state, executing).filter(Objects::nonNull).toList();
    }
  }
}
