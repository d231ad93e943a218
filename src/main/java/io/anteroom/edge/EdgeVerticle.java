package io.anteroom.edge;

import io.anteroom.bus.Bus;
import io.anteroom.comfy.PanelClient;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.config.Settings;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.ServerTls;
import io.anteroom.directory.Directory;
import io.anteroom.edge.RequestRouter.Routes;
import io.anteroom.edge.admission.AdmissionFilter;
import io.anteroom.edge.admission.BodyReader;
import io.anteroom.edge.admission.ConnectionLimiter;
import io.anteroom.edge.admission.EdgeHosts;
import io.anteroom.edge.admission.RateLimitedAuthorizer;
import io.anteroom.edge.admission.StrictRequestDecoder;
import io.anteroom.edge.api.EventStreams;
import io.anteroom.edge.api.PromptRoute;
import io.anteroom.edge.api.QueueRoutes;
import io.anteroom.edge.api.UploadBlocks;
import io.anteroom.edge.auth.AccessRevalidator;
import io.anteroom.edge.auth.Authorizer;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.GracefulShutdown;
import io.anteroom.edge.http.Responses;
import io.anteroom.edge.panel.PanelRoutes;
import io.anteroom.edge.panel.PanelRoutes.Panel;
import io.anteroom.edge.panel.SharedInstanceRoute;
import io.anteroom.edge.proxy.ExtensionsRoute;
import io.anteroom.edge.proxy.InstanceRoutes;
import io.anteroom.edge.proxy.ObjectInfoRoute;
import io.anteroom.edge.proxy.ObjectInfoService;
import io.anteroom.edge.proxy.PageRoute;
import io.anteroom.edge.proxy.ReverseProxy;
import io.anteroom.edge.proxy.SocketRoute;
import io.anteroom.edge.session.SessionRegistry;
import io.anteroom.edge.session.WebSocketTunnel;
import io.anteroom.edge.student.AssetRoutes;
import io.anteroom.edge.student.AssetRoutes.OwnFiles;
import io.anteroom.edge.student.HomePage;
import io.anteroom.edge.student.RootRoutes;
import io.anteroom.edge.student.StudentRoutes;
import io.anteroom.http.WebAssets;
import io.anteroom.metrics.MetricsRegistry;
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
  private final AuthStores signIns;
  private final MetricsRegistry tally;
  private final ClientResolver peers;
  private final ServerTls certificate;
  private final GracefulShutdown closing = new GracefulShutdown();
  private SessionRegistry sessions;
  private HttpListeners listeners;
  private UploadBlocks uploads;

  /** Without TLS. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, AuthStores signIns, MetricsRegistry tally) {
    this(settings, directory, signIns, tally, Optional::empty);
  }

  /** With the certificate in force, unless there is none. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, AuthStores signIns, MetricsRegistry tally,
      Supplier<Optional<Certificate>> certificate) {
    this.settings = settings;
    this.directory = directory;
    this.signIns = signIns;
    this.tally = tally;
    this.peers = new ClientResolver(settings.http().front());
    this.certificate = new ServerTls(certificate);
  }

  /** Lets nobody in any more, sends everybody elsewhere, and gives what is under way its time. */
  @Override
  public Future<?> stop() {
    closing.begin();
    return listeners.shut(LAST_ANSWERS).eventually(sessions::stop).eventually(uploads::close);
  }

  @Override
  public Future<?> start() {
    listeners = new HttpListeners(vertx, certificate);
    return AuthSetup.of(new AuthSetup.Parts(context, settings, directory, signIns, peers)).compose(this::listen);
  }

  private Future<Void> listen(AuthSetup gate) {
    NodeLimits bounds = NodeLimits.of(vertx, settings);
    ConnectionLimiter connections = new ConnectionLimiter(bounds.connections(), bounds.ofProxies(), peers,
      BETWEEN_REQUESTS);
    connections.start(vertx);
    AdmissionFilter strangers = new AdmissionFilter(EdgeHosts.check(settings), peers, bounds.rates(), connections);
    RequestRouter doorkeeper = new RequestRouter(connections, strangers, tally, routes(gate, bounds));
    HttpServerOptions options = options();
    return listeners.open(options, ports(), server -> server
      .connectionHandler(connection -> {
        StrictRequestDecoder.install(connection, options.getHttp1Config());
        connections.admit(connection);
      })
      .requestHandler(doorkeeper::handle)
      .invalidRequestHandler(Responses::unreadable));
  }

  private List<Integer> ports() {
    Settings.Http http = settings.http();
    return IntStream.concat(IntStream.of(http.port()), http.isolation().ports().all()).boxed().toList();
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
      .setHost(settings.http().host())
      .setMaxInitialLineLength(EdgeErrors.MAX_REQUEST_LINE)
      .setMaxHeaderSize(EdgeErrors.MAX_HEADERS)
      .setIdleTimeout(IDLE_MINUTES)
      .setIdleTimeoutUnit(TimeUnit.MINUTES)
      .setHttp2ClearTextEnabled(false)
      .setCompressionSupported(false)
      .setPerMessageWebSocketCompressionSupported(false)
      .setPerFrameWebSocketCompressionSupported(false)
      .setMaxWebSocketFrameSize(WebSocketTunnel.LARGEST_FRAME)
      .setMaxWebSocketMessageSize(WebSocketTunnel.LARGEST_FRAME)
      .setWebSocketClosingTimeout(WebSocketTunnel.CLOSING_SECONDS);
  }

  private Routes routes(AuthSetup gate, NodeLimits bounds) {
    Bus bus = new Bus(vertx);
    Authorizer authenticator = new RateLimitedAuthorizer(gate.authenticator(), bounds.rates());
    AccessRevalidator welcomes = new AccessRevalidator(vertx, gate.authenticator());
    uploads = new UploadBlocks(bus);
    BodyReader bodies = new BodyReader(vertx, bounds.bodies(), settings.http().bodyLimit());
    PromptRoute submits = new PromptRoute(bus, bodies, bounds.rates(), tally, uploads);
    WebAssets files = new WebAssets();
    AssetRoutes own = new AssetRoutes(bus, new OwnFiles(files), wishes(bounds), settings.page());
    InstanceRoutes instances = instances(bus, bounds, welcomes, files.extensionName());
    StudentRoutes students = new StudentRoutes(new StudentRoutes.Entry(authenticator, gate.doors()), directory,
      submits, own, instances);
    EventStreams streams = new EventStreams(vertx, bus, bounds.streams(), closing, welcomes);
    QueueRoutes queue = new QueueRoutes(authenticator, bus, submits, streams, closing);
    Optional<HomePage> start = gate.members()
      .map(members -> new HomePage(members, bounds.rates(), directory, gate.doors().isPresent()));
    return new Routes(vertx, gate.origins(peers), gate.signIn(),
      new Routes.Parts(students, queue, new RootRoutes(students, start)));
  }

  private BodyReader wishes(NodeLimits bounds) {
    return new BodyReader(vertx, bounds.bodies(), LARGEST_WISH);
  }

  private InstanceRoutes instances(Bus bus, NodeLimits bounds, AccessRevalidator welcomes, String extension) {
    Settings.Instances limits = settings.instances();
    boolean injection = settings.page().injection();
    WebSocketTunnel relay = new WebSocketTunnel(vertx, limits, bounds.partings());
    tally.gauge("edge_sockets", relay::open);
    sessions = SessionRegistry.on(context, settings, directory, bounds.sessions(), bounds.partings());
    sessions.start(tally);
    ReverseProxy upstream = new ReverseProxy(vertx, settings, bounds.forwarded(), tally);
    PanelClient client = new PanelClient(vertx, limits.connectTimeout(), limits.trust(), PAGE_PATIENCE);
    Panel panel = new Panel(bus, directory, client);
    return new InstanceRoutes(directory, ResponseBudget.of(vertx),
      new SocketRoute(relay, sessions, bounds.sockets(), welcomes, settings),
      List.of(
        new PanelRoutes(panel, wishes(bounds), upstream).within(bounds.readings()),
        new SharedInstanceRoute(panel).within(bounds.readings()),
        new PageRoute(bus, upstream, injection),
        new ExtensionsRoute(client, upstream, extension, injection).within(bounds.readings()),
        new ObjectInfoRoute(new ObjectInfoService(vertx, limits), upstream, limits.idleTimeout())),
      upstream);
  }
}
