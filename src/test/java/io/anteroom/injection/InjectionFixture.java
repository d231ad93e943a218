package io.anteroom.injection;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.anteroom.bus.Bus;
import io.anteroom.bus.PageServices;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The verticle on a bus of its own, before an instance {@code gpu} that answers as a test says. */
final class InjectionFixture implements AutoCloseable {
  final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final MetricsRegistry tally = new MetricsRegistry();
  private final HttpServer instance;
  private volatile Consumer<HttpServerResponse> comfy = response -> response.setStatusCode(500).end();

  InjectionFixture() {
    instance = done(vertx.createHttpServer()
      .requestHandler(request -> {
        requests.add(request);
        comfy.accept(request.response());
      })
      .listen(0, "127.0.0.1"));
  }

  void deploy(boolean injection) {
    URI url = URI.create("http://127.0.0.1:" + instance.actualPort() + "/comfy/");
    Directory directory = new Directory(List.of(), List.of(new Instance("gpu", url, "gpu", 1)));
    done(vertx.deployVerticle(new InjectionVerticle(settings(injection), () -> directory, tally)));
  }

  /** Deploys it, and lets its own first look at the page pass: a question asked during that look shares its answer. */
  void deployAndSettle() {
    deploy(true);
    until(() -> !requests.isEmpty());
    ask("/");
  }

  void instanceAnswers(Consumer<HttpServerResponse> answer) {
    comfy = answer;
  }

  void instanceGoesDown() {
    done(instance.close());
  }

  Page ask(String uri) {
    return done(asking("gpu", uri));
  }

  Future<Page> asking(String name, String uri) {
    return bus.request(PageServices.PAGE, new PageQuestion(name, uri, true));
  }

  long figure(String name) {
    return tally.read().get(name);
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  static Settings settings(boolean injection) {
    Duration second = Duration.ofSeconds(1);
    return new Settings("one", Set.of(), null, null, null, null, null, null, null, null,
      new Settings.Instances(second, second, second, 8),
      new Settings.Session(second), new Settings.Page(second, injection));
  }
}
