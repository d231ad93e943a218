package io.anteroom.edge.session;

import io.anteroom.bus.Bus;
import io.anteroom.bus.Bus.Registration;
import io.anteroom.bus.Events;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.bus.SessionServices.Attached;
import io.anteroom.bus.SessionServices.Begun;
import io.anteroom.bus.SessionServices.Leave;
import io.anteroom.bus.SessionServices.Left;
import io.anteroom.comfy.ClientIds;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.edge.session.CloseReason.PendingCloses;
import io.anteroom.edge.session.Session.Keeper;
import io.anteroom.edge.session.SessionRegistry.SessionTable.Held;
import io.anteroom.metrics.Metric;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.task.TaskId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The sessions that live on one event loop: makes them for browsers and for tasks, and ends them. */
public final class SessionRegistry implements Keeper {
  private static final Duration TICK = Duration.ofSeconds(1);
  /** Each session's turn comes once in so many ticks: before a quiet socket is taken for a dead one by anybody. */
  private static final int ROUND = 30;
  /** ComfyUI's page comes again after 0.3 s, unless its browser or the next node is busy. */
  private static final Duration LAST_CALL = Duration.ofSeconds(5);
  /** What one user may leave behind within the grace. */
  private static final int MOST_IDLE = 20;

  private final SessionContext means;
  private final SessionTable table;
  private final String number = UUID.randomUUID().toString();
  /** By user, oldest first. Used on the context only. */
  private final Map<String, Map<Held, SessionEndpoint>> held = new HashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger browsers = new AtomicInteger();
  private List<Registration> registrations = List.of();
  /** Ends first, so that no session begins at a node that stops. */
  private Registration attaching;
  /** Done when no page is waited for any more; there only while this node stops. */
  private Promise<Void> lastCall;
  private long ticker;
  private int ticks;

  private SessionRegistry(SessionContext means, SessionTable table) {
    this.means = means;
    this.table = table;
  }

  /** Those of the event loop of {@code context}; the table is the node's. */
  public static SessionRegistry on(Context context, Settings settings, Supplier<Directory> directory,
    SessionTable table,
      PendingCloses partings) {
    Vertx vertx = context.owner();
    WebSocketClient sockets = vertx.createWebSocketClient(WebSocketTunnel.options(settings.instances()));
    return new SessionRegistry(new SessionContext(vertx, context, new Bus(vertx), sockets, partings, directory,
      settings.session().grace()), table);
  }

  public void start(MetricsRegistry tally) {
    tally.gauge(Metric.EDGE_SESSIONS.word(), count::get);
    tally.gauge(Metric.EDGE_SOCKETS.word(), browsers::get);
    ticker = means.vertx().setPeriodic(TICK.toMillis(), tick -> tick());
    registrations = List.of(
      means.bus().subscribe(Events.TASK, this::heard),
      means.bus().subscribe(SessionServices.BEGUN, this::giveWay));
    attaching = means.bus().serve(SessionServices.ATTACH, this::attach);
  }

  /** Done when no socket to an instance is left. Pages that come in by another node meanwhile take theirs along. */
  public Future<Void> stop() {
    means.vertx().cancelTimer(ticker);
    attaching.unregister();
    return Future.<Void>future(this::callOnceMore).compose(called -> endAll());
  }

  private void callOnceMore(Promise<Void> over) {
    lastCall = over;
    means.vertx().setTimer(LAST_CALL.toMillis(), late -> over.tryComplete());
    endLastCall();
  }

  private void endLastCall() {
    if (lastCall != null && all().stream().noneMatch(one -> one.session().isAwaited())) {
      lastCall.tryComplete();
    }
  }

  private Future<Void> endAll() {
    lastCall = null;
    List<Future<Void>> ending = Stream.concat(
      registrations.stream().map(Registration::unregister), all().stream().map(this::end)).toList();
    return Future.join(ending).mapEmpty();
  }

  /**
   * Answers a browser's handshake, whether or not its instance is there.
   *
   * @param unwelcome done when the browser must go
   * @return when its socket is open; inside it, when it is closed
   */
  public Future<Future<Void>> open(HttpServerRequest request, Arrival arrival, Future<Void> unwelcome) {
    if (request.response().closed()) {
      return Future.failedFuture(new HttpClosedException("the browser has gone"));
    }
    return request.toWebSocket().map(socket -> {
      BrowserSocket browser = new BrowserSocket(socket, unwelcome);
      browsers.incrementAndGet();
      admit(ClientIds.of(arrival.user(), arrival.clientId()), browser, arrival);
      return browser.gone().onComplete(gone -> browsers.decrementAndGet());
    });
  }

  @Override
  public void idle(Session session) {
    List<Held> idle = of(session.user()).keySet().stream().filter(one -> one.session().isIdle()).toList();
    if (idle.size() > MOST_IDLE) {
      end(idle.get(0));
    }
  }

  @Override
  public void over(Session session) {
    of(session.user()).keySet().stream().filter(one -> one.session() == session).findFirst().ifPresent(this::end);
  }

  private void admit(String clientId, BrowserSocket browser, Arrival arrival) {
    Held at = table.find(clientId, id -> make(arrival.user(), id, true));
    at.means().context().runOnContext(there -> {
      if (!at.session().join(browser, arrival)) {
        admit(clientId, browser, arrival);
      }
    });
  }

  private Future<Attached> attach(Attach attach) {
    Held at = table.find(attach.clientId(), id -> make(attach.user(), id, false));
    return Future.future(answer -> at.means().context().runOnContext(there ->
      at.session().attach(attach).onComplete(answer)));
  }

  /** Begins on the context, before anything else that is asked of the session. */
  private Held make(String user, String clientId, boolean forBrowser) {
    Held made = new Held(new Session(means, user, clientId, this), means);
    means.context().runOnContext(here -> begin(made, forBrowser));
    return made;
  }

  private void begin(Held made, boolean forBrowser) {
    Session session = made.session();
    SessionEndpoint desk = new SessionEndpoint(means.bus(), session, () -> end(made));
    held.computeIfAbsent(session.user(), user -> new LinkedHashMap<>(1)).put(made, desk);
    count.incrementAndGet();
    Future<Left> before = forBrowser
      ? means.bus().requestIfPresent(SessionServices.leave(session.clientId()), new Leave(session.user()))
        .map(left -> left.orElse(Left.NOTHING))
      : Future.succeededFuture(Left.NOTHING);
    session.begin(before.onComplete(left -> {
      desk.open();
      if (forBrowser) {
        means.bus().publish(SessionServices.BEGUN, new Begun(session.clientId(), number));
      }
    }));
  }

  /** A task may have come in between, when its session had left one node and not yet begun at another. */
  private void giveWay(Begun elsewhere) {
    if (!elsewhere.edge().equals(number)) {
      all().stream().filter(one -> one.session().givesWayTo(elsewhere.clientId())).forEach(one -> {
        Session session = one.session();
        Left left = session.left();
        end(one).onComplete(ended -> left.tasks().forEach(task -> means.bus().requestIfPresent(
          SessionServices.attach(session.clientId()),
          new Attach(session.user(), session.clientId(), task.instance(), new TaskId(task.task())))));
      });
    }
  }

  /** Can be asked for it as long as a socket of it is open: who takes it over must not open one before. */
  private Future<Void> end(Held ended) {
    Session session = ended.session();
    SessionEndpoint desk = of(session.user()).remove(ended);
    if (desk == null) {
      return session.end();
    }
    if (of(session.user()).isEmpty()) {
      held.remove(session.user());
    }
    count.decrementAndGet();
    table.remove(ended);
    endLastCall();
    return session.end().eventually(desk::close);
  }

  private void heard(TaskEvent event) {
    List.copyOf(of(event.user()).keySet()).forEach(one -> one.session().heard(event));
  }

  private void tick() {
    ticks = (ticks + 1) % ROUND;
    all().stream().map(Held::session)
      .filter(session -> Math.floorMod(session.clientId().hashCode(), ROUND) == ticks)
      .forEach(Session::tick);
  }

  private List<Held> all() {
    return held.values().stream().flatMap(sessions -> sessions.keySet().stream()).toList();
  }

  private Map<Held, SessionEndpoint> of(String user) {
    return held.getOrDefault(user, Map.of());
  }

  /**
   * What a browser asks for when it comes.
   *
   * @param user     whose page it shows
   * @param clientId the id that it wishes for; may be empty, or anybody's
   * @param query    what else stands in the query of its address, raw, each with an ampersand in front
   * @param cookie   what an instance may see of its cookies; empty for none
   * @param onlyLooks whether it belongs to somebody who may look: what it says is not heard
   */
  public record Arrival(String user, String clientId, String query, String cookie, boolean onlyLooks) {

    /** Of a session that no browser has begun. */
    static Arrival ofNobody(String user, String clientId) {
      return new Arrival(user, clientId, "", "", false);
    }
  }

  /** Which sessions a node holds, whichever of its event loops they live on; safe to use from every one. */
  public static final class SessionTable {
    private final ConcurrentHashMap<String, Held> sessions = new ConcurrentHashMap<>();

    /** A session and the loop on which it lives. */
    record Held(Session session, SessionContext means) {
    }

    Held find(String clientId, Function<String, Held> maker) {
      return sessions.computeIfAbsent(clientId, maker);
    }

    void remove(Held held) {
      sessions.remove(held.session().clientId(), held);
    }
  }
}
