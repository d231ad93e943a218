package io.anteroom.injection;

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
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the page that a browser gets: the instance's own with our script in it whenever that can be done, else the word
 * that it is to be streamed as it is.
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
  /** Pages that are being fetched now; whoever asks for the same shares the answer. */
  private final Map<Address, Future<Sight>> underWay = new HashMap<>();

  InjectedPages(boolean injection, Supplier<Directory> directory, PageFetcher fetcher, HtmlInjector injector) {
    this.injection = injection;
    this.directory = directory;
    this.fetcher = fetcher;
    this.injector = injector;
    this.plans = new Plans(injector);
  }

  /** A page and how it came about. */
  record Sight(InjectionResult verdict, Page page, String etag) {
    static Sight without(InjectionResult reason) {
      return new Sight(reason, STREAMED, "");
    }
  }

  private record Address(String instance, String uri) {
    static Address of(PageQuestion question) {
      return new Address(question.instance(), question.uri());
    }
  }

  /** Fetches a page and puts our script in; fails for an unknown instance only. */
  Future<Sight> look(PageQuestion question) {
    Optional<Instance> instance = directory.get().instance(question.instance());
    if (instance.isEmpty()) {
      return Future.failedFuture(unknown(question.instance()));
    }
    if (!injection || !PAGE_PATH.matcher(question.uri()).matches()) {
      return Future.succeededFuture(Sight.without(injection ? InjectionResult.NOT_A_PAGE_PATH
        : InjectionResult.SWITCHED_OFF));
    }
    Future<Sight> shared = underWay.get(Address.of(question));
    return shared != null ? shared : fetch(instance.get(), question);
  }

  private Future<Sight> fetch(Instance instance, PageQuestion question) {
    Future<Sight> sight = fetcher.fetch(instance, question.uri())
      .map(original -> inject(original, question.uri()))
      .otherwise(failure -> Sight.without(reason(failure)));
    underWay.put(Address.of(question), sight);
    sight.onComplete(done -> underWay.remove(Address.of(question)));
    return sight;
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
