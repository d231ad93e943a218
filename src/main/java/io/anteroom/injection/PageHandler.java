package io.anteroom.injection;

import io.anteroom.async.SerialTask;
import io.anteroom.bus.PageServices.Hello;
import io.anteroom.bus.PageServices.Page;
import io.anteroom.bus.PageServices.PageQuestion;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.metrics.MetricsRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/** Answers page requests, counts the result of each injection, and probes every instance's page periodically. */
final class PageHandler {
  private static final int TICKS_PER_PROBE = 10;

  private final InjectedPages pages;
  private final Supplier<Directory> directory;
  private final MetricsRegistry tally;
  private final InjectionMonitor watch = new InjectionMonitor();
  private final SerialTask probes = new SerialTask(this::probeInstances);
  private long ticks;
  private boolean isTurnOfAll;

  PageHandler(InjectedPages pages, Supplier<Directory> directory, MetricsRegistry tally) {
    this.pages = pages;
    this.directory = directory;
    this.tally = tally;
    for (InjectionResult verdict : InjectionResult.values()) {
      tally.add(verdict.figure(), 0);
    }
    tally.gauge("injection_alerts", watch::alerts);
  }

  /** A browser's request. */
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

  /** The report of a browser that our script runs. */
  Future<Void> greet(Hello hello) {
    if (directory.get().instance(hello.instance()).isPresent()) {
      watch.greeted(hello.instance(), hello.frontend());
    }
    return Future.succeededFuture();
  }

  /** Evaluates what was seen; probes new instances at once, and all of them every few ticks. */
  void tick() {
    watch.keepOnly(instances());
    watch.tick();
    isTurnOfAll = ticks++ % TICKS_PER_PROBE == 0;
    probes.runUnlessRunning();
  }

  private List<String> instances() {
    return directory.get().instances().stream().map(Instance::name).toList();
  }

  /** One after the other, so that a lab of a hundred instances is not fetched from all at once. */
  private Future<Void> probeInstances() {
    Future<Void> probed = Future.succeededFuture();
    for (String instance : instances()) {
      if (isTurnOfAll || !watch.knows(instance)) {
        probed = probed.compose(done -> probe(instance));
      }
    }
    return probed;
  }

  /** Never fails: an instance that is unknown has left the directory since. */
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
