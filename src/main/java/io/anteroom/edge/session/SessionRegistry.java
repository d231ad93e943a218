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
import io.anteroom.edge.session.Session.Listener;
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

/** Creates and ends the sessions of one event loop, for browsers and for tasks. */
public final class SessionRegistry implements Listener {
  private static final Duration TICK = Duration.ofSeconds(1);
  /** Each session is ticked once in so many ticks: before proxies in between close a quiet socket. */
  private static final int TICKS_PER_ROUND = 30;
  /** ComfyUI's page reconnects after 0.3 s, unless its browser or the next node is busy. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);
  /** The idle sessions of one user that are kept during the grace period. */
  private static final int MAX_IDLE = 20;

  private final SessionContext context;
  private final SessionTable table;
  private final String id = UUID.randomUUID().toString();
  /** By user, oldest first. Used on the event loop only. */
  private final Map<String, Map<Held, SessionEndpoint>> held = new HashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger browsers = new AtomicInteger();
  private List<Registration> registrations = List.of();
  /** Ended first, so that no session begins at a node that stops. */
  private Registration attaching;
  /** Done when no page has to reconnect elsewhere; null unless this node is stopping. */
  private Promise<Void> drained;
  private long ticker;
  private int ticks;

  private SessionRegistry(SessionContext context, SessionTable table) {
    this.context = context;
    this.table = table;
  }

  /** The registry of an event loop; the table is the node's. */
  public static SessionRegistry on(Context loop, Settings settings, Supplier<Directory> directory,
      SessionTable table, PendingCloses pendingCloses) {
    Vertx vertx = loop.owner();
    WebSocketClient sockets = vertx.createWebSocketClient(WebSocketTunnel.options(settings.instances()));
    return new SessionRegistry(new SessionContext(vertx, loop, new Bus(vertx), sockets, pendingCloses, directory,
      settings.session().grace()), table);
  }

  public void start(MetricsRegistry metrics) {
    metrics.gauge(Metric.EDGE_SESSIONS.word(), count::get);
    metrics.gauge(Metric.EDGE_SOCKETS.word(), browsers::get);
    ticker = context.vertx().setPeriodic(TICK.toMillis(), tick -> tick());
    registrations = List.of(
      context.bus().subscribe(Events.TASK, this::onEvent),
      context.bus().subscribe(SessionServices.BEGUN, this::yieldTo));
    attaching = context.bus().serve(SessionServices.ATTACH, this::attach);
  }

  /**
   * Graceful shutdown: pages that reconnect to another node meanwhile move their sessions; done when all sockets are
   * closed.
   */
  public Future<Void> stop() {
    context.vertx().cancelTimer(ticker);
    attaching.unregister();
    return Future.<Void>future(this::drain).compose(called -> endAll());
  }

  private void drain(Promise<Void> over) {
    drained = over;
    context.vertx().setTimer(DRAIN_TIMEOUT.toMillis(), late -> over.tryComplete());
    endDrain();
  }

  private void endDrain() {
    if (drained != null && all().stream().noneMatch(entry -> entry.session().isAwaited())) {
      drained.tryComplete();
    }
  }

  private Future<Void> endAll() {
    drained = null;
    List<Future<Void>> ending = Stream.concat(
      registrations.stream().map(Registration::unregister), all().stream().map(this::end)).toList();
    return Future.join(ending).mapEmpty();
  }

  /**
   * Answers a browser's handshake, whether or not its instance is up.
   *
   * @param revoked done when the browser must be disconnected
   * @return when its socket is open; inside it, when it is closed
   */
  public Future<Future<Void>> open(HttpServerRequest request, Arrival arrival, Future<Void> revoked) {
    if (request.response().closed()) {
      return Future.failedFuture(new HttpClosedException("the browser has gone"));
    }
    return request.toWebSocket().map(socket -> {
      BrowserSocket browser = new BrowserSocket(socket, revoked);
      browsers.incrementAndGet();
      admit(ClientIds.of(arrival.user(), arrival.clientId()), browser, arrival);
      return browser.gone().onComplete(gone -> browsers.decrementAndGet());
    });
  }

  @Override
  public void idle(Session session) {
    List<Held> idle = of(session.user()).keySet().stream().filter(entry -> entry.session().isIdle()).toList();
    if (idle.size() > MAX_IDLE) {
      end(idle.get(0));
    }
  }

  @Override
  public void expired(Session session) {
    of(session.user()).keySet().stream().filter(entry -> entry.session() == session).findFirst().ifPresent(this::end);
  }

  private void admit(String clientId, BrowserSocket browser, Arrival arrival) {
    Held at = table.find(clientId, id -> create(arrival.user(), id, true));
    at.context().loop().runOnContext(there -> {
      if (!at.session().join(browser, arrival)) {
        admit(clientId, browser, arrival);
      }
    });
  }

  private Future<Attached> attach(Attach attach) {
    Held at = table.find(attach.clientId(), id -> create(attach.user(), id, false));
    return Future.future(answer -> at.context().loop().runOnContext(there ->
      at.session().attach(attach).onComplete(answer)));
  }

  /** Begins the session on the event loop, before any other call of it. */
  private Held create(String user, String clientId, boolean forBrowser) {
    Held created = new Held(new Session(context, user, clientId, this), context);
    context.loop().runOnContext(here -> begin(created, forBrowser));
    return created;
  }

  private void begin(Held created, boolean forBrowser) {
    Session session = created.session();
    SessionEndpoint endpoint = new SessionEndpoint(context.bus(), session, () -> end(created));
    held.computeIfAbsent(session.user(), user -> new LinkedHashMap<>(1)).put(created, endpoint);
    count.incrementAndGet();
    Future<Left> before = forBrowser
      ? context.bus().requestIfPresent(SessionServices.leave(session.clientId()), new Leave(session.user()))
        .map(left -> left.orElse(Left.NOTHING))
      : Future.succeededFuture(Left.NOTHING);
    session.begin(before.onComplete(left -> {
      endpoint.open();
      if (forBrowser) {
        context.bus().publish(SessionServices.BEGUN, new Begun(session.clientId(), id));
      }
    }));
  }

  /** A task may have created a session here while its session moved from one node to another. */
  private void yieldTo(Begun elsewhere) {
    if (!elsewhere.edge().equals(id)) {
      all().stream().filter(entry -> entry.session().yieldsTo(elsewhere.clientId())).forEach(entry -> {
        Session session = entry.session();
        Left left = session.left();
        end(entry).onComplete(ended -> left.tasks().forEach(task -> context.bus().requestIfPresent(
          SessionServices.attach(session.clientId()),
          new Attach(session.user(), session.clientId(), task.instance(), new TaskId(task.task())))));
      });
    }
  }

  /** The endpoint stays open until all sockets are closed: the next owner must not open one before. */
  private Future<Void> end(Held ended) {
    Session session = ended.session();
    SessionEndpoint endpoint = of(session.user()).remove(ended);
    if (endpoint == null) {
      return session.end();
    }
    if (of(session.user()).isEmpty()) {
      held.remove(session.user());
    }
    count.decrementAndGet();
    table.remove(ended);
    endDrain();
    return session.end().eventually(endpoint::close);
  }

  private void onEvent(TaskEvent event) {
    List.copyOf(of(event.user()).keySet()).forEach(entry -> entry.session().onEvent(event));
  }

  private void tick() {
    ticks = (ticks + 1) % TICKS_PER_ROUND;
    all().stream().map(Held::session)
      .filter(session -> Math.floorMod(session.clientId().hashCode(), TICKS_PER_ROUND) == ticks)
      .forEach(Session::tick);
  }

  private List<Held> all() {
    return held.values().stream().flatMap(sessions -> sessions.keySet().stream()).toList();
  }

  private Map<Held, SessionEndpoint> of(String user) {
    return held.getOrDefault(user, Map.of());
  }

  /**
   * The handshake of a browser.
   *
   * @param user     whose page it shows
   * @param clientId that it requests; not trusted, may be empty
   * @param query    all other parameters, raw, each with an ampersand in front
   * @param cookie   the cookies that an instance may see; empty for none
   * @param readOnly whether it belongs to a viewer, whose messages are ignored
   */
  public record Arrival(String user, String clientId, String query, String cookie, boolean readOnly) {

    /** For a session that no browser has begun. */
    static Arrival withoutBrowser(String user, String clientId) {
      return new Arrival(user, clientId, "", "", false);
    }
  }

  /** Finds the sessions of a node on all its event loops; safe to use from every one. */
  public static final class SessionTable {
    private final ConcurrentHashMap<String, Held> sessions = new ConcurrentHashMap<>();

    /** A session and the context of its event loop. */
    record Held(Session session, SessionContext context) {
    }

    Held find(String clientId, Function<String, Held> creator) {
      return sessions.computeIfAbsent(clientId, creator);
    }

    void remove(Held held) {
      sessions.remove(held.session().clientId(), held);
    }
  }
}
