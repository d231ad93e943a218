package io.anteroom.edge;

import io.anteroom.bus.Bus;
import io.anteroom.comfy.PageClient;
import io.anteroom.comfy.http.AnswerBudget;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.ServerCertificate;
import io.anteroom.directory.Directory;
import io.anteroom.edge.Doorkeeper.Routes;
import io.anteroom.edge.admission.Connections;
import io.anteroom.edge.admission.HostCheck;
import io.anteroom.edge.admission.MeteredAuthenticator;
import io.anteroom.edge.admission.PromptBodies;
import io.anteroom.edge.admission.Strangers;
import io.anteroom.edge.admission.StrictRequestDecoder;
import io.anteroom.edge.api.EventStreams;
import io.anteroom.edge.api.QueueRoutes;
import io.anteroom.edge.api.Submits;
import io.anteroom.edge.api.Uploads;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.Peers;
import io.anteroom.edge.auth.Welcomes;
import io.anteroom.edge.http.Answers;
import io.anteroom.edge.http.Closing;
import io.anteroom.edge.panel.PanelRoutes;
import io.anteroom.edge.panel.PanelRoutes.Panel;
import io.anteroom.edge.proxy.ExtensionsRoute;
import io.anteroom.edge.proxy.InstanceRoutes;
import io.anteroom.edge.proxy.ObjectInfoDesk;
import io.anteroom.edge.proxy.ObjectInfoRoute;
import io.anteroom.edge.proxy.PageRoute;
import io.anteroom.edge.proxy.SharedRoutes;
import io.anteroom.edge.proxy.SocketRoute;
import io.anteroom.edge.proxy.Upstream;
import io.anteroom.edge.session.Sessions;
import io.anteroom.edge.session.SocketRelay;
import io.anteroom.edge.student.OwnRoutes;
import io.anteroom.edge.student.OwnRoutes.OwnFiles;
import io.anteroom.edge.student.RootRoutes;
import io.anteroom.edge.student.StartRoute;
import io.anteroom.edge.student.StudentRoutes;
import io.anteroom.http.WebFiles;
import io.anteroom.metrics.Tally;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The HTTP server for students; deploy one for each processor core, they share the port. */
public final class EdgeVerticle extends VerticleBase {
  public static final int LONGEST_REQUEST_LINE = 16 << 10;
  public static final int LARGEST_HEADERS = 32 << 10;
  /** Longer than anything that we hold open without sending: event streams and sockets say something before. */
  private static final int IDLE_MINUTES = 10;
  /** How long a browser may keep a connection for the next request, or take for its header. */
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(75);
  /** How long what is under way may take when the node stops. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
  /** A panel is told what the queue knows when an instance takes longer; its page asks again soon. */
  private static final Duration PAGE_PATIENCE = Duration.ofSeconds(5);
  /** A list of ten thousand ids. */
  private static final long LARGEST_WISH = 1 << 20;

  private final Settings settings;
  private final Supplier<Directory> directory;
  private final SignInStore signIns;
  private final Tally tally;
  private final Peers peers;
  private final ServerCertificate certificate;
  private final Closing closing = new Closing();
  private Sessions sessions;
  private Listeners listeners;
  private Uploads uploads;

  /** Without TLS. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, SignInStore signIns, Tally tally) {
    this(settings, directory, signIns, tally, Optional::empty);
  }

  /** With the certificate in force, unless there is none. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, SignInStore signIns, Tally tally,
      Supplier<Optional<Certificate>> certificate) {
    this.settings = settings;
    this.directory = directory;
    this.signIns = signIns;
    this.tally = tally;
    this.peers = new Peers(settings.http().front());
    this.certificate = new ServerCertificate(certificate);
  }

  /** Lets nobody in any more, sends everybody elsewhere, and gives what is under way its time. */
  @Override
  public Future<?> stop() {
    closing.begin();
    return listeners.shut(LAST_ANSWERS).eventually(sessions::stop).eventually(uploads::close);
  }

  @Override
  public Future<?> start() {
    listeners = new Listeners(vertx, certificate);
    return Gate.of(new Gate.Parts(context, settings, directory, signIns, peers)).compose(this::listen);
  }

  private Future<Void> listen(Gate gate) {
    NodeBounds bounds = NodeBounds.of(vertx, settings);
    Connections connections = new Connections(bounds.connections(), bounds.ofProxies(), peers, BETWEEN_REQUESTS);
    connections.start(vertx);
    Strangers strangers = new Strangers(new HostCheck(settings), peers, bounds.rates(), connections);
    Doorkeeper doorkeeper = new Doorkeeper(connections, strangers, tally, routes(gate, bounds));
    HttpServerOptions options = options();
    return listeners.open(options, ports(), server -> server
      .connectionHandler(connection -> {
        StrictRequestDecoder.install(connection, options.getHttp1Config());
        connections.admit(connection);
      })
      .requestHandler(doorkeeper::handle)
      .invalidRequestHandler(Answers::unreadable));
  }

  private List<Integer> ports() {
    Settings.Http http = settings.http();
    return IntStream.concat(IntStream.of(http.port()), http.isolation().ports().all()).boxed().toList();
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
      .setHost(settings.http().host())
      .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
      .setMaxHeaderSize(LARGEST_HEADERS)
      .setIdleTimeout(IDLE_MINUTES)
      .setIdleTimeoutUnit(TimeUnit.MINUTES)
      .setHttp2ClearTextEnabled(false)
      .setCompressionSupported(false)
      .setPerMessageWebSocketCompressionSupported(false)
      .setPerFrameWebSocketCompressionSupported(false)
      .setMaxWebSocketFrameSize(SocketRelay.LARGEST_FRAME)
      .setMaxWebSocketMessageSize(SocketRelay.LARGEST_FRAME)
      .setWebSocketClosingTimeout(SocketRelay.CLOSING_SECONDS);
  }

  private Routes routes(Gate gate, NodeBounds bounds) {
    Bus bus = new Bus(vertx);
    Authenticator authenticator = new MeteredAuthenticator(gate.authenticator(), bounds.rates());
    Welcomes welcomes = new Welcomes(vertx, gate.authenticator());
    uploads = new Uploads(bus);
    PromptBodies bodies = new PromptBodies(vertx, bounds.bodies(), settings.http().bodyLimit());
    Submits submits = new Submits(bus, bodies, bounds.rates(), tally, uploads);
    WebFiles files = new WebFiles();
    OwnRoutes own = new OwnRoutes(bus, new OwnFiles(files), wishes(bounds), settings.page());
    InstanceRoutes instances = instances(bus, bounds, welcomes, files.extensionName());
    StudentRoutes students = new StudentRoutes(new StudentRoutes.Entry(authenticator, gate.doors()), directory,
      submits, own, instances);
    EventStreams streams = new EventStreams(vertx, bus, bounds.streams(), closing, welcomes);
    QueueRoutes queue = new QueueRoutes(authenticator, bus, submits, streams, closing);
    Optional<StartRoute> start = gate.members()
      .map(members -> new StartRoute(members, bounds.rates(), directory, gate.doors().isPresent()));
    return new Routes(vertx, gate.origins(peers), gate.signIn(),
      new Routes.Parts(students, queue, new RootRoutes(students, start)));
  }

  private PromptBodies wishes(NodeBounds bounds) {
    return new PromptBodies(vertx, bounds.bodies(), LARGEST_WISH);
  }

  private InstanceRoutes instances(Bus bus, NodeBounds bounds, Welcomes welcomes, String extension) {
    Settings.Instances limits = settings.instances();
    boolean injection = settings.page().injection();
    SocketRelay relay = new SocketRelay(vertx, limits, bounds.partings());
    tally.gauge("edge_sockets", relay::open);
    sessions = Sessions.on(context, settings, directory, bounds.sessions(), bounds.partings());
    sessions.start(tally);
    Upstream upstream = new Upstream(vertx, settings, bounds.forwarded(), tally);
    PageClient client = new PageClient(vertx, limits.connectTimeout(), limits.trust(), PAGE_PATIENCE);
    Panel panel = new Panel(bus, directory, client);
    return new InstanceRoutes(directory, AnswerBudget.of(vertx),
      new SocketRoute(relay, sessions, bounds.sockets(), welcomes, settings),
      List.of(
        new PanelRoutes(panel, wishes(bounds), upstream).within(bounds.readings()),
        new SharedRoutes(panel).within(bounds.readings()),
        new PageRoute(bus, upstream, injection),
        new ExtensionsRoute(client, upstream, extension, injection).within(bounds.readings()),
        new ObjectInfoRoute(new ObjectInfoDesk(vertx, limits), upstream, limits.idleTimeout())),
      upstream);
  }
}
