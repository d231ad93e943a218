package io.anteroom.injection;

import io.anteroom.bus.PageServices.Hello;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/** Answers for pages, counts what came of each, and asks for every instance's page itself from time to time. */
final class PageHandler {
  private static final int TICKS_PER_PROBE = 10;

  private final InjectedPages pages;
  private final Supplier<Directory> directory;
  private final MetricsRegistry tally;
  private final InjectionMonitor watch = new InjectionMonitor();
  private Future<Void> probing = Future.succeededFuture();
  private long ticks;

  PageHandler(InjectedPages pages, Supplier<Directory> directory, MetricsRegistry tally) {
    this.pages = pages;
    this.directory = directory;
    this.tally = tally;
    for (InjectionResult verdict : InjectionResult.values()) {
      tally.add(verdict.figure(), 0);
    }
    tally.gauge("injection_alerts", watch::alerts);
  }

  /** A browser's question. */
  Future<Page> answer(PageQuestion question) {
    return pages.look(question).map(sight -> {
      tally.count(sight.verdict().figure());
      note(question, sight);
      if (sight.verdict() == InjectionResult.INJECTED && question.document()) {
        watch.loaded(question.instance());
      }
      return sight.page();
    });
  }

  /** Our script's word from a browser. */
  Future<Void> greet(Hello hello) {
    if (directory.get().instance(hello.instance()).isPresent()) {
      watch.greeted(hello.instance(), hello.frontend());
    }
    return Future.succeededFuture();
  }

  /** Judges what was seen; looks at new instances at once, and at all of them every few ticks. */
  void tick() {
    List<String> all = directory.get().instances().stream().map(Instance::name).toList();
    watch.keepOnly(all);
    watch.tick();
    boolean everybodysTurn = ticks++ % TICKS_PER_PROBE == 0;
    if (probing.isComplete()) {
      probing = probe(all.stream().filter(name -> everybodysTurn || !watch.knows(name)).toList());
    }
  }

  /** One after the other: a lab of a hundred instances is not fetched from all at once. */
  private Future<Void> probe(List<String> instances) {
    Future<Void> probes = Future.succeededFuture();
    for (String instance : instances) {
      probes = probes.compose(done -> probe(instance));
    }
    return probes;
  }

  /** Fails never: an instance that is unknown has left the directory since. */
  private Future<Void> probe(String instance) {
    PageQuestion front = new PageQuestion(instance, "/", false);
    return pages.look(front)
      .onSuccess(sight -> note(front, sight))
      .<Void>mapEmpty()
      .otherwiseEmpty();
  }

  private void note(PageQuestion question, InjectedPages.Sight sight) {
    if (question.uri().equals("/")) {
      watch.saw(question.instance(), sight.verdict(), sight.etag());
    }
  }
}
