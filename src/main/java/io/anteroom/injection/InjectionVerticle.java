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

/** Answers pages with our script in them, and looks every few minutes whether that still works everywhere. */
public final class InjectionVerticle extends VerticleBase {
  private static final Duration TICK = Duration.ofSeconds(30);

  private final Settings settings;
  private final Supplier<Directory> directory;
  private final MetricsRegistry tally;
  private PageFetcher fetcher;
  private PageHandler desk;
  private List<Bus.Registration> registrations;
  private long timer;

  public InjectionVerticle(Settings settings, Supplier<Directory> directory, MetricsRegistry tally) {
    this.settings = settings;
    this.directory = directory;
    this.tally = tally;
  }

  @Override
  public Future<?> start() {
    fetcher = new PageFetcher(vertx, settings.instances());
    HtmlInjector injector = new HtmlInjector(new WebAssets().bootName());
    desk = new PageHandler(new InjectedPages(vertx, settings.page().injection(), directory, fetcher, injector),
      directory, tally);
    Bus bus = new Bus(vertx);
    registrations = List.of(bus.serve(PageServices.PAGE, desk::answer), bus.serve(PageServices.HELLO, desk::greet));
    timer = vertx.setPeriodic(0, TICK.toMillis(), tick -> desk.tick());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    return Future.join(registrations.stream().map(Bus.Registration::unregister).toList())
      .eventually(fetcher::close);
  }
}
