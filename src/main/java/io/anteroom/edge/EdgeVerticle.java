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

/** Serves students over HTTP; deploy one for each processor core, they share the port. */
public final class EdgeVerticle extends VerticleBase {
  /** Longer than any pause in an event stream or a socket: both send something earlier. */
  private static final int IDLE_MINUTES = 10;
  /** How long a browser may keep a connection open between requests, or take to send a header. */
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(75);
  /** How long requests in progress may take when the node stops. */
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);
  /** When an instance takes longer, the panel gets what the queue knows; its page asks again soon. */
  private static final Duration PANEL_TIMEOUT = Duration.ofSeconds(5);
  /** Enough for a list of ten thousand ids. */
  private static final long MAX_PANEL_BODY = 1 << 20;

  private final Settings settings;
  private final Supplier<Directory> directory;
  private final AuthStores signIns;
  private final MetricsRegistry metrics;
  private final ClientResolver clients;
  private final ServerTls certificate;
  private final GracefulShutdown shutdown = new GracefulShutdown();
  private SessionRegistry sessions;
  private HttpListeners listeners;
  private UploadBlocks uploads;

  /** Without TLS. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, AuthStores signIns, MetricsRegistry metrics) {
    this(settings, directory, signIns, metrics, Optional::empty);
  }

  /** With TLS where there is a certificate. */
  public EdgeVerticle(Settings settings, Supplier<Directory> directory, AuthStores signIns, MetricsRegistry metrics,
      Supplier<Optional<Certificate>> certificate) {
    this.settings = settings;
    this.directory = directory;
    this.signIns = signIns;
    this.metrics = metrics;
    this.clients = new ClientResolver(settings.http().front());
    this.certificate = new ServerTls(certificate);
  }

  /** Graceful shutdown: accepts nothing new, sends browsers to another node, and lets requests in progress finish. */
  @Override
  public Future<?> stop() {
    shutdown.begin();
    return listeners.shutdown(SHUTDOWN_TIMEOUT).eventually(sessions::stop).eventually(uploads::close);
  }

  @Override
  public Future<?> start() {
    listeners = new HttpListeners(vertx, certificate);
    return new AuthSetup.Builder(context, settings, directory, signIns, clients).build().compose(this::listen);
  }

  private Future<Void> listen(AuthSetup auth) {
    NodeLimits limits = NodeLimits.of(vertx, settings);
    ConnectionLimiter connections = new ConnectionLimiter(limits.connections(), limits.proxyConnections(), clients,
      KEEP_ALIVE_TIMEOUT);
    connections.start(vertx);
    AdmissionFilter admission =
      new AdmissionFilter(EdgeHosts.check(settings), clients, limits.rates(), connections);
    RequestRouter router = new RequestRouter(connections, admission, metrics, routes(auth, limits));
    HttpServerOptions options = options();
    return listeners.open(options, ports(), server -> server
      .connectionHandler(connection -> {
        StrictRequestDecoder.install(connection, options.getHttp1Config());
        connections.admit(connection);
      })
      .requestHandler(router::handle)
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
      .setMaxWebSocketFrameSize(WebSocketTunnel.MAX_FRAME)
      .setMaxWebSocketMessageSize(WebSocketTunnel.MAX_FRAME)
      .setWebSocketClosingTimeout(WebSocketTunnel.CLOSE_TIMEOUT_SECONDS);
  }

  private Routes routes(AuthSetup auth, NodeLimits limits) {
    Bus bus = new Bus(vertx);
    Authorizer authorizer = new RateLimitedAuthorizer(auth.authorizer(), limits.rates());
    AccessRevalidator revalidator = new AccessRevalidator(vertx, auth.authorizer());
    uploads = new UploadBlocks(bus);
    BodyReader bodies = new BodyReader(vertx, limits.bodies(), settings.http().bodyLimit());
    PromptRoute prompts = new PromptRoute(bus, bodies, limits.rates(), metrics, uploads);
    WebAssets files = new WebAssets();
    AssetRoutes assets = new AssetRoutes(bus, new OwnFiles(files), panelBodies(limits), settings.page());
    InstanceRoutes instances = instances(bus, limits, revalidator, files.extensionName());
    StudentRoutes students = new StudentRoutes(authorizer, auth.studentOrigins(), directory, prompts, assets,
      instances);
    EventStreams streams = new EventStreams(vertx, bus, limits.streams(), shutdown, revalidator);
    QueueRoutes queue = new QueueRoutes(authorizer, bus, prompts, streams, shutdown);
    Optional<HomePage> home = auth.members()
      .map(members -> new HomePage(members, limits.rates(), directory, auth.studentOrigins().isPresent()));
    return new Routes(vertx, auth.origins(clients), auth.signIn(), students, queue, new RootRoutes(students, home));
  }

  private BodyReader panelBodies(NodeLimits limits) {
    return new BodyReader(vertx, limits.bodies(), MAX_PANEL_BODY);
  }

  private InstanceRoutes instances(Bus bus, NodeLimits limits, AccessRevalidator revalidator, String extension) {
    Settings.Instances instances = settings.instances();
    boolean injection = settings.page().injection();
    WebSocketTunnel tunnel = new WebSocketTunnel(vertx, instances, limits.pendingCloses());
    metrics.gauge("edge_sockets", tunnel::open);
    sessions = SessionRegistry.on(context, settings, directory, limits.sessions(), limits.pendingCloses());
    sessions.start(metrics);
    ReverseProxy proxy = new ReverseProxy(vertx, settings, limits.forwarded(), metrics);
    PanelClient client = new PanelClient(vertx, instances.connectTimeout(), instances.trust(), PANEL_TIMEOUT);
    Panel panel = new Panel(bus, directory, client);
    return new InstanceRoutes(directory, ResponseBudget.of(vertx),
      new SocketRoute(tunnel, sessions, limits.sockets(), revalidator, settings),
      List.of(
        new PanelRoutes(panel, panelBodies(limits), proxy).within(limits.reads()),
        new SharedInstanceRoute(panel).within(limits.reads()),
        new PageRoute(bus, proxy, injection),
        new ExtensionsRoute(client, proxy, extension, injection).within(limits.reads()),
        new ObjectInfoRoute(new ObjectInfoService(vertx, instances), proxy, instances.idleTimeout())),
      proxy);
  }
}
