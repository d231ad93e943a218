package io.anteroom.injection;

import io.anteroom.async.RequestCoalescer;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.injection.HtmlInjector.Plan;
import io.anteroom.injection.HtmlInjector.Plans;
import io.anteroom.injection.PageFetcher.NoPage;
import io.anteroom.injection.PageFetcher.Original;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the page that a browser gets: the instance's own with our script injected where that is possible, or else the
 * decision that it is streamed unchanged.
 */
final class InjectedPages {
  private static final Logger log = LoggerFactory.getLogger(InjectedPages.class);

  private static final Pattern PAGE_PATH = Pattern.compile("/([!-~&&[^?#]]*/)?(index\\.html)?(\\?[!-~]*)?");
  private static final Page STREAMED = new Page(200, Map.of(), Buffer.buffer(), false, true);

  private final boolean injection;
  private final Supplier<Directory> directory;
  private final PageFetcher fetcher;
  private final HtmlInjector injector;
  private final Plans plans;
  private final RequestCoalescer<Sight> fetches;

  InjectedPages(Vertx vertx, boolean injection, Supplier<Directory> directory, PageFetcher fetcher,
      HtmlInjector injector) {
    this.injection = injection;
    this.directory = directory;
    this.fetcher = fetcher;
    this.injector = injector;
    this.plans = new Plans(injector);
    this.fetches = new RequestCoalescer<>(vertx);
  }

  /** A page and what became of the injection. */
  record Sight(InjectionResult verdict, Page page, String etag) {
    static Sight without(InjectionResult reason) {
      return new Sight(reason, STREAMED, "");
    }
  }

  /** Fetches a page and injects our script; fails for an unknown instance only. */
  Future<Sight> look(PageQuestion question) {
    Optional<Instance> instance = directory.get().instance(question.instance());
    if (instance.isEmpty()) {
      return Future.failedFuture(unknown(question.instance()));
    }
    if (!injection || !PAGE_PATH.matcher(question.uri()).matches()) {
      return Future.succeededFuture(Sight.without(injection ? InjectionResult.NOT_A_PAGE_PATH
        : InjectionResult.SWITCHED_OFF));
    }
    return fetches.join(question.instance() + " " + question.uri(), () -> fetch(instance.get(), question.uri()));
  }

  private Future<Sight> fetch(Instance instance, String uri) {
    return fetcher.fetch(instance, uri)
      .map(original -> inject(original, uri))
      .otherwise(failure -> Sight.without(reason(failure)));
  }

  private Sight inject(Original original, String uri) {
    Plan plan = plans.of(original);
    if (plan.verdict() != InjectionResult.INJECTED) {
      return Sight.without(plan.verdict());
    }
    Buffer body = injector.body(plan, original.body(), uri);
    Page page = new Page(200, injector.headers(plan, original.headers(), body.length()), body, true, false);
    return new Sight(InjectionResult.INJECTED, page, Optional.ofNullable(original.headers().get("ETag")).orElse(""));
  }

  private static InjectionResult reason(Throwable failure) {
    if (failure instanceof NoPage expected) {
      return expected.reason();
    }
    log.error("A page could not be read, it goes out as it is", failure);
    return InjectionResult.UNEXPECTED;
  }

  private static ApiException unknown(String instance) {
    return ApiException.of(ApiException.Code.UNKNOWN_INSTANCE,
      "There is no instance '%s'; conf/instances.csv lists those that there are.".formatted(instance),
      "没有名为“%s”的实例；可用实例见 conf/instances.csv。".formatted(instance));
  }
}
