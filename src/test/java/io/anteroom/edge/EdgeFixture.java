package io.anteroom.edge;

import static io.anteroom.support.Awaited.done;

import io.anteroom.bus.Bus;
import io.anteroom.bus.StatusServices;
import io.anteroom.config.Settings;
import io.anteroom.config.Settings.Front;
import io.anteroom.config.Settings.Instances;
import io.anteroom.config.tls.Certificate;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.session.Tab;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.support.TestSettings;
import io.anteroom.support.redis.SharedSignInStore;
import io.anteroom.support.server.SmallInstance;
import io.anteroom.support.server.TestAuthority;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** An edge with two students and their instances, and the bus on which a test plays the other verticles. */
public final class EdgeFixture implements AutoCloseable {
  public final Vertx vertx = Vertx.vertx();
  public final Bus bus = new Bus(vertx);
  public final MetricsRegistry tally = new MetricsRegistry();
  public final SmallInstance comfy = new SmallInstance(vertx);
  public final Settings settings;
  private final String edge;
  private final String scheme;
  private final HttpClient client;
  private final WebSocketClient sockets;

  public EdgeFixture() {
    this(new Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10), 64));
  }

  public EdgeFixture(Instances instances) {
    this(TestSettings.edge(instances));
  }

  /** With this in front of it. */
  public EdgeFixture(Front front) {
    this(TestSettings.edge(front));
  }

  /** With TLS, on two event loops that share the port as in a node; its students trust this authority alone. */
  public EdgeFixture(TestAuthority authority, Supplier<Optional<Certificate>> certificate) {
    this(TestSettings.edge(Front.NOTHING), SharedSignInStore::unasked, certificate, Optional.of(authority));
  }

  private EdgeFixture(Settings settings) {
    this(settings, SharedSignInStore::unasked, Optional::empty, Optional.empty());
  }

  /** To which one signs in as these variables say. */
  public EdgeFixture(Map<String, String> variables, Function<Vertx, AuthStores> store) {
    this(TestSettings.edge(variables), store, Optional::empty, Optional.empty());
  }

  /** The same with TLS, which only who trusts everybody believes: its names are the test's. */
  public EdgeFixture(Map<String, String> variables, Function<Vertx, AuthStores> store, TestAuthority authority,
      Supplier<Optional<Certificate>> certificate) {
    this(TestSettings.edge(variables), store, certificate, Optional.of(authority));
  }

  private EdgeFixture(
      Settings settings, Function<Vertx, AuthStores> store, Supplier<Optional<Certificate>> certificate,
      Optional<TestAuthority> authority) {
    this.settings = settings;
    HttpClientOptions http = new HttpClientOptions();
    WebSocketClientOptions webSocket = new WebSocketClientOptions()
      .setMaxFrameSize(20 << 20).setMaxMessageSize(20 << 20).setMaxConnections(Integer.MAX_VALUE);
    authority.map(TestAuthority::trust).ifPresent(trust -> {
      http.setSsl(true).setTrustOptions(trust);
      webSocket.setSsl(true).setTrustOptions(trust);
    });
    scheme = authority.isPresent() ? "https" : "http";
    client = vertx.createHttpClient(http, new PoolOptions().setHttp1MaxSize(64));
    sockets = vertx.createWebSocketClient(webSocket);
    bus.serve(StatusServices.TIME, nothing -> Future.succeededFuture(Instant.EPOCH));
    edge = done(vertx.deployVerticle(
      () -> new EdgeVerticle(settings, this::directory, store.apply(vertx), tally, certificate),
      new DeploymentOptions().setInstances(authority.isPresent() ? 2 : 1)));
  }

  /** Stops the edge in good order; the bus and the instance go on. */
  public Future<Void> stop() {
    return vertx.undeploy(edge);
  }

  public Reply get(String uri, String... headers) {
    return ask(HttpMethod.GET, uri, Buffer.buffer(), headers);
  }

  public Reply post(String uri, String body, String... headers) {
    return ask(HttpMethod.POST, uri, Buffer.buffer(body), headers);
  }

  public Reply ask(HttpMethod method, String uri, Buffer body, String... headers) {
    HttpClientRequest request = request(method, uri, headers);
    Future<Reply> reply = Reply.to(request);
    request.end(body);
    return done(reply);
  }

  public HttpClientRequest request(HttpMethod method, String uri, String... headers) {
    HttpClientRequest request = done(client.request(new RequestOptions()
      .setMethod(method).setHost("127.0.0.1").setPort(settings.http().port()).setURI(uri)));
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().add(headers[i], headers[i + 1]);
    }
    return request;
  }

  /** Opens a socket as alice's browser would. */
  public Tab tab(String uri, String... headers) {
    return Tab.open(sockets, socketAt(uri, headers));
  }

  /** The same at another port of the edge. */
  public Tab tabAt(int port, String uri, String... headers) {
    return Tab.open(sockets, socketAt(uri, headers).setPort(port));
  }

  public String origin() {
    return scheme + "://127.0.0.1:" + settings.http().port();
  }

  private WebSocketConnectOptions socketAt(String uri, String... headers) {
    WebSocketConnectOptions options = new WebSocketConnectOptions().setHost("127.0.0.1")
      .setPort(settings.http().port()).setURI(uri)
      .setAllowOriginHeader(List.of(headers).contains("Origin"));
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return options;
  }

  private Directory directory() {
    return new Directory(
      List.of(user("alice", "gpu-01"), user("bob", "gpu-02"), user("bobby", "gpu-01"), user("张三", "gpu-01"),
        user("carol", "nowhere"), user("dora", "gpu-03"), teacher("tina", "class"), teacher("tara", "class"),
        teacher("tom", "other class")),
      List.of(new Instance("gpu-01", comfy.url(), "gpu-01", 1),
        new Instance("gpu-03", comfy.url(), "gpu-03", 1),
        new Instance("gpu-02", URI.create("http://127.0.0.1:1/"), "gpu-02", 1)));
  }

  private static User teacher(String name, String group) {
    return new User(name, name.toUpperCase(), group, User.Role.TEACHER, "nowhere");
  }

  private static User user(String name, String instance) {
    return new User(name, name.toUpperCase(), "class", User.Role.STUDENT, instance);
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
