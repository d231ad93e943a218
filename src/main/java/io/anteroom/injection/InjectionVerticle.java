package io.anteroom.injection;

import io.anteroom.bus.Bus;
import io.anteroom.bus.PageServices;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.http.WebAssets;
import io.anteroom.metrics.MetricsRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Serves injected pages, and checks every few minutes that injection still works for every instance. */
public final class InjectionVerticle extends VerticleBase {
  private static final Duration TICK = Duration.ofSeconds(30);

  private final Settings settings;
  private final Supplier<Directory> directory;
  private final MetricsRegistry metrics;
  private PageFetcher fetcher;
  private PageHandler handler;
  private List<Bus.Registration> registrations;
  private long timer;

  public InjectionVerticle(Settings settings, Supplier<Directory> directory, MetricsRegistry metrics) {
    this.settings = settings;
    this.directory = directory;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    fetcher = new PageFetcher(vertx, settings.instances());
    HtmlInjector injector = new HtmlInjector(new WebAssets().bootName());
    handler = new PageHandler(new InjectedPages(vertx, settings.page().injection(), directory, fetcher, injector),
      directory, metrics);
    Bus bus = new Bus(vertx);
    registrations =
      List.of(bus.serve(PageServices.PAGE, handler::answer), bus.serve(PageServices.HELLO, handler::greet));
    timer = vertx.setPeriodic(0, TICK.toMillis(), tick -> handler.tick());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList())
      .eventually(fetcher::close);
  }
}
