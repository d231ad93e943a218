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
 * What one browser tab has with its instances. It outlives the tab's sockets, which end here, and the instances', so
 * that neither a reload nor a restart loses anything.
 *
 * <p>Everything happens on one context, that of {@link SessionContext}.
 */
final class Session implements InstanceChannel.Host {
  /** How long a greeting waits for the number of tasks. */
  private static final Duration GREETING = Duration.ofSeconds(1);

  private final SessionContext means;
  private final String user;
  private final String clientId;
  private final Keeper keeper;
  private final BrowserGroup audience = new BrowserGroup();
  private final FeatureFlags flags = new FeatureFlags(audience);
  private final Losses losses;
  private final InstanceChannels lines;
  private final UserTaskPoller own;
  private final CompletionTracker endings;
  private final QueueCount remaining;
  private final Grace grace;
  private Future<Void> settled = Future.succeededFuture();
  private boolean looksRound;
  private boolean ended;

  Session(SessionContext means, String user, String clientId, Keeper keeper) {
    this.means = means;
    this.user = user;
    this.clientId = clientId;
    this.keeper = keeper;
    this.losses = new Losses(means, audience);
    this.lines = new InstanceChannels(means, clientId, this, Arrival.ofNobody(user, clientId));
    this.own = new UserTaskPoller(means, user, () -> !isIdle(), this::seen, this::greet);
    this.remaining = new QueueCount(audience, own, clientId);
    this.grace = new Grace(means, () -> keeper.over(this));
    this.endings = new CompletionTracker(means, lines, own, this::tell, this::rest);
  }

  String user() {
    return user;
  }

  String clientId() {
    return clientId;
  }

  /** Whether it only waits for its page to come back: it looks at nothing meanwhile. */
  boolean isIdle() {
    return audience.isEmpty() && !lines.haveTasks();
  }

  /** Whether one of this id that has a browser may take its place. */
  boolean givesWayTo(String other) {
    return clientId.equals(other) && audience.isEmpty();
  }

  /** The first of all calls: knows what the node that held it has left, and opens no socket before. */
  void begin(Future<Left> before) {
    settled = before.otherwise(Left.NOTHING).map(this::takeOver);
    rest();
  }

  /** A browser has come; false when the session has ended meanwhile. */
  boolean join(BrowserSocket browser, Arrival arrival) {
    if (ended) {
      return false;
    }
    if (audience.isEmpty()) {
      // It may have been looked up before the submit was answered of which this browser already knows.
      own.forget();
    }
    looksRound = looksRound || !own.isKnown();
    lines.arrived(arrival);
    browser.bind(means.context(), arrival.onlyLooks() ? unheard -> { } : said -> hears(browser, said), this::moved);
    audience.add(browser);
    browser.whenItLeaves(() -> gone(browser));
    rest();
    settled.onComplete(done -> openHome());
    if (own.isKnown()) {
      greet();
    }
    means.vertx().setTimer(GREETING.toMillis(), late -> greet());
    own.look();
    return true;
  }

  /** Listens for a task at an instance; answered when it does, or cannot. */
  Future<Attached> attach(Attach attach) {
    if (ended || !user.equals(attach.user())) {
      return Future.succeededFuture(new Attached(false));
    }
    InstanceChannel line = lines.listen(attach.instance(), attach.task().value(), true);
    if (attach.unanswered()) {
      line.holdUntilAnswered(attach.task().value());
    }
    rest();
    own.look();
    return settled.compose(done -> line.socket().open()).map(tried -> new Attached(line.socket().isOpen()));
  }

  /** Something happened to a task of the user. */
  void heard(TaskEvent event) {
    if (event.happened() == Happened.PROGRESSED || isIdle()) {
      return;
    }
    switch (event.happened()) {
      case SUBMITTED -> lines.answered(event.id().value());
      case FINISHED, REQUEUED -> endings.ended(event.id(), event.state());
      case REJECTED -> endings.rejected(event.id());
      default -> { }
    }
    own.look();
  }

  /** Called every now and then: what went unheard is looked up, and what is dead is found out. */
  void tick() {
    audience.ping();
    lines.ping();
    openHome();
    rest();
    own.look();
  }

  /** Whether a page that comes by another node would miss something without what this one knows. */
  boolean isAwaited() {
    return audience.hasHadSomebody() && !left().isLittle();
  }

  /** What another node needs to go on. */
  Left left() {
    List<String> latest = audience.forTheNext(lines.latest()).stream().map(WebSocketMessage::text).toList();
    return new Left(flags.ofBrowser(), flags.ofInstance(), latest, lines.certainTasks());
  }

  /** Hears nothing more; done, however often it is called, when no socket to an instance is left. */
  Future<Void> end() {
    ended = true;
    grace.stop();
    own.end();
    return lines.close();
  }

  @Override
  public String flags() {
    return flags.ofBrowser();
  }

  @Override
  public boolean isHome(String instance) {
    return means.home(user).filter(instance::equals).isPresent();
  }

  @Override
  public boolean isOwn(String promptId) {
    return own.contains(promptId) || lines.know(promptId);
  }

  @Override
  public void pass(WebSocketMessage said, Optional<SocketMessage> told) {
    told.ifPresent(endings::hears);
    audience.pass(said, told);
    moved();
  }

  @Override
  public void toldOfItself(WebSocketMessage said, SocketMessage told) {
    if (told.type().equals(SocketMessage.STATUS)) {
      means.home(user).filter(home -> !means.isShared(home))
        .filter(home -> remaining.heardOfInstance(home, said) && !lines.haveUnanswered())
        .ifPresent(home -> own.look());
    } else {
      flags.answered(said);
    }
  }

  @Override
  public void moved() {
    lines.reading(!audience.isFull());
    audience.reading(!lines.areFull());
  }

  @Override
  public void lost(Loss loss, String instance) {
    losses.note(loss, instance);
  }

  private Void takeOver(Left left) {
    flags.takeOver(left);
    left.tasks().forEach(task -> lines.listen(task.instance(), task.task(), true).socket().open());
    left.latest().stream().map(WebSocketMessage::text).forEach(said -> {
      means.home(user).map(lines::at).ifPresent(line -> line.remember(said));
      audience.tell(said);
    });
    return null;
  }

  private void hears(BrowserSocket browser, WebSocketMessage said) {
    if (flags.note(browser, said)) {
      lines.all().forEach(InstanceChannel::flagsMayDiffer);
    } else {
      means.home(user).flatMap(lines::find).ifPresent(line -> line.say(said));
      moved();
    }
  }

  private void gone(BrowserSocket browser) {
    audience.remove(browser);
    if (!ended) {
      moved();
      rest();
    }
  }

  private void openHome() {
    if (!ended && settled.isComplete() && !audience.isEmpty()) {
      means.home(user).ifPresent(instance -> lines.at(instance).socket().open());
    }
  }

  private void seen(List<TaskStatus> tasks) {
    if (looksRound) {
      looksRound = false;
      settled.onComplete(done -> tasks.stream().filter(UserTaskPoller::isAtWork).forEach(this::listenToo));
    }
    endings.compare(tasks);
    greet();
    remaining.known(tasks);
  }

  /** The node that listened for it may be gone, and it may have been sent under this client id. */
  private void listenToo(TaskStatus task) {
    if (!ended) {
      lines.listen(task.instance(), task.id().value(), false).socket().open();
      rest();
    }
  }

  private void tell(List<WebSocketMessage> words) {
    words.forEach(audience::tell);
    own.look();
  }

  private void greet() {
    remaining.greet(lines.latest());
  }

  /** Begins to count the grace when nothing is left to live for, and stops counting when something is. */
  private void rest() {
    lines.tidy(line -> line.hasTasks() || isHome(line.instance()));
    if (!isIdle() || ended) {
      grace.stop();
    } else if (grace.begin()) {
      keeper.idle(this);
    }
  }

  /** Counts how long a session has had nothing to live for. */
  static final class Grace {
    private static final long NONE = -1;

    private final SessionContext means;
    private final Runnable over;
    private long timer = NONE;

    /** @param over called when it was idle for as long as the grace is */
    Grace(SessionContext means, Runnable over) {
      this.means = means;
      this.over = over;
    }

    /** Whether this has begun it. */
    boolean begin() {
      if (timer != NONE) {
        return false;
      }
      timer = means.vertx().setTimer(means.grace().toMillis(), late -> over.run());
      return true;
    }

    void stop() {
      if (timer != NONE) {
        means.vertx().cancelTimer(timer);
        timer = NONE;
      }
    }
  }

  /** Who makes sessions and ends them. */
  interface Keeper {
    /** Neither a browser nor a task is left. */
    void idle(Session session);

    /** And none has come for as long as the grace is. */
    void over(Session session);
  }
}
