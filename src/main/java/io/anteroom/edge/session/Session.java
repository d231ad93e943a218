package io.anteroom.edge.session;

import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.bus.SessionServices.Attached;
import io.anteroom.bus.SessionServices.Left;
import io.anteroom.comfy.ComfyMessages.Loss;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.edge.session.BrowserGroup.Losses;
import io.anteroom.edge.session.SessionRegistry.Arrival;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Connects one browser tab with its instances. It outlives the tab's sockets and the instances', so that neither a
 * reload nor a restart loses anything.
 *
 * <p>Everything happens on one event loop, that of {@link SessionContext}.
 */
final class Session implements InstanceChannel.Host {
  /** How long a greeting waits for the number of tasks. */
  private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(1);

  private final SessionContext context;
  private final String user;
  private final String clientId;
  private final Listener listener;
  private final BrowserGroup browsers = new BrowserGroup();
  private final FeatureFlags flags = new FeatureFlags(browsers);
  private final Losses losses;
  private final InstanceChannels channels;
  private final UserTaskPoller poller;
  private final CompletionTracker completion;
  private final QueueCount remaining;
  private final Grace grace;
  private Future<Void> settled = Future.succeededFuture();
  private boolean resumesTasks;
  private boolean ended;

  Session(SessionContext context, String user, String clientId, Listener listener) {
    this.context = context;
    this.user = user;
    this.clientId = clientId;
    this.listener = listener;
    this.losses = new Losses(context, browsers);
    this.channels = new InstanceChannels(context, clientId, this, Arrival.withoutBrowser(user, clientId));
    this.poller = new UserTaskPoller(context, user, () -> !isIdle(), this::onTasks, this::greet);
    this.remaining = new QueueCount(context, browsers, poller, clientId);
    this.grace = new Grace(context, () -> listener.expired(this));
    this.completion = new CompletionTracker(context, channels, poller, this::sendAll, this::updateGrace);
  }

  String user() {
    return user;
  }

  String clientId() {
    return clientId;
  }

  /** Whether it only waits for its page to come back: it polls nothing meanwhile. */
  boolean isIdle() {
    return browsers.isEmpty() && !channels.haveTasks();
  }

  /** Whether a session of this id that has a browser may replace it. */
  boolean yieldsTo(String other) {
    return clientId.equals(other) && browsers.isEmpty();
  }

  /** Called first: takes over what the former node has left, and opens no socket before. */
  void begin(Future<Left> before) {
    settled = before.otherwise(Left.NOTHING).map(this::takeOver);
    updateGrace();
  }

  /** Adds a browser; false when the session has ended meanwhile. */
  boolean join(BrowserSocket browser, Arrival arrival) {
    if (ended) {
      return false;
    }
    if (browsers.isEmpty()) {
      // The last poll may be older than a submit that this browser already has the response of.
      poller.forget();
    }
    resumesTasks = resumesTasks || !poller.isKnown();
    channels.arrived(arrival);
    browser.bind(context.loop(), arrival.readOnly() ? ignored -> { } : message -> onMessage(browser, message),
      this::pendingChanged);
    browsers.add(browser);
    browser.onLeave(() -> remove(browser));
    updateGrace();
    settled.onComplete(done -> openHome());
    if (poller.isKnown()) {
      greet();
    }
    context.vertx().setTimer(GREETING_TIMEOUT.toMillis(), late -> greet());
    poller.poll();
    return true;
  }

  /** Listens for a task at an instance; done when it does, or cannot. */
  Future<Attached> attach(Attach attach) {
    if (ended || !user.equals(attach.user())) {
      return Future.succeededFuture(new Attached(false));
    }
    InstanceChannel channel = channels.listen(attach.instance(), attach.task().value(), true);
    if (attach.unanswered()) {
      channel.holdUntilAnswered(attach.task().value());
    }
    updateGrace();
    poller.poll();
    return settled.compose(done -> channel.socket().open()).map(tried -> new Attached(channel.socket().isOpen()));
  }

  /** Handles an event of one of the user's tasks. */
  void onEvent(TaskEvent event) {
    if (event.happened() == Happened.PROGRESSED || isIdle()) {
      return;
    }
    switch (event.happened()) {
      case SUBMITTED -> channels.answered(event.id().value());
      case FINISHED, REQUEUED -> completion.ended(event.id(), event.state());
      case REJECTED -> completion.rejected(event.id());
      default -> { }
    }
    poller.poll();
  }

  /** Called at intervals: polls for missed events, and detects dead sockets. */
  void tick() {
    browsers.ping();
    channels.ping();
    openHome();
    updateGrace();
    poller.poll();
  }

  /** Whether a page that connects by another node would miss something without this session's state. */
  boolean isAwaited() {
    return browsers.hasHadBrowser() && !left().isLittle();
  }

  /** The state that another node needs to continue. */
  Left left() {
    List<String> latest = browsers.withReplay(channels.latest()).stream().map(WebSocketMessage::text).toList();
    return new Left(flags.ofBrowser(), flags.ofInstance(), latest, channels.certainTasks());
  }

  /** Ends the session; idempotent, done when no socket to an instance is left. */
  Future<Void> end() {
    ended = true;
    grace.stop();
    poller.end();
    return channels.close();
  }

  @Override
  public String flags() {
    return flags.ofBrowser();
  }

  @Override
  public boolean isHome(String instance) {
    return context.home(user).filter(instance::equals).isPresent();
  }

  @Override
  public boolean isOwn(String promptId) {
    return poller.contains(promptId) || channels.know(promptId);
  }

  @Override
  public void forward(WebSocketMessage message, Optional<SocketMessage> event) {
    event.ifPresent(completion::onMessage);
    browsers.forward(message, event);
    pendingChanged();
  }

  @Override
  public void onInstanceState(WebSocketMessage message, SocketMessage event) {
    if (event.type().equals(SocketMessage.STATUS)) {
      context.home(user).filter(home -> !context.isShared(home))
        .filter(home -> remaining.updateInstance(home, message) && !channels.haveUnanswered())
        .ifPresent(home -> poller.poll());
    } else {
      flags.answered(message);
    }
  }

  @Override
  public void pendingChanged() {
    channels.reading(!browsers.isFull());
    browsers.reading(!channels.areFull());
  }

  @Override
  public void lost(Loss loss, String instance) {
    losses.report(loss, instance);
  }

  private Void takeOver(Left left) {
    flags.takeOver(left);
    left.tasks().forEach(task -> channels.listen(task.instance(), task.task(), true).socket().open());
    left.latest().stream().map(WebSocketMessage::text).forEach(message -> {
      context.home(user).map(channels::at).ifPresent(channel -> channel.remember(message));
      browsers.send(message);
    });
    return null;
  }

  private void onMessage(BrowserSocket browser, WebSocketMessage message) {
    if (flags.accept(browser, message)) {
      channels.all().forEach(InstanceChannel::flagsChanged);
    } else {
      context.home(user).flatMap(channels::find).ifPresent(channel -> channel.send(message));
      pendingChanged();
    }
  }

  private void remove(BrowserSocket browser) {
    browsers.remove(browser);
    if (!ended) {
      pendingChanged();
      updateGrace();
    }
  }

  private void openHome() {
    if (!ended && settled.isComplete() && !browsers.isEmpty()) {
      context.home(user).ifPresent(instance -> channels.at(instance).socket().open());
    }
  }

  private void onTasks(List<TaskStatus> tasks) {
    if (resumesTasks) {
      resumesTasks = false;
      settled.onComplete(done -> tasks.stream().filter(UserTaskPoller::isAtWork).forEach(this::resume));
    }
    completion.compare(tasks);
    greet();
    remaining.update(tasks);
  }

  /** Listens for a running task: its node may be gone, and it may have been sent under this client id. */
  private void resume(TaskStatus task) {
    if (!ended) {
      channels.listen(task.instance(), task.id().value(), false).socket().open();
      updateGrace();
    }
  }

  private void sendAll(List<WebSocketMessage> messages) {
    messages.forEach(browsers::send);
    poller.poll();
  }

  private void greet() {
    remaining.greet(channels.latest());
  }

  /** Starts the grace period when the session is idle, and stops it when it is not. */
  private void updateGrace() {
    channels.tidy(channel -> channel.hasTasks() || isHome(channel.instance()));
    if (!isIdle() || ended) {
      grace.stop();
    } else if (grace.begin()) {
      listener.idle(this);
    }
  }

  /** Counts how long a session has been idle. */
  static final class Grace {
    private static final long NONE = -1;

    private final SessionContext context;
    private final Runnable expired;
    private long timer = NONE;

    /** @param expired called at the end of the grace period */
    Grace(SessionContext context, Runnable expired) {
      this.context = context;
      this.expired = expired;
    }

    /** False when it was counting already. */
    boolean begin() {
      if (timer != NONE) {
        return false;
      }
      timer = context.vertx().setTimer(context.grace().toMillis(), late -> expired.run());
      return true;
    }

    void stop() {
      if (timer != NONE) {
        context.vertx().cancelTimer(timer);
        timer = NONE;
      }
    }
  }

  /** Receives the events of sessions. */
  interface Listener {
    /** Neither a browser nor a task is left. */
    void idle(Session session);

    /** The grace period of an idle session is over. */
    void expired(Session session);
  }
}
