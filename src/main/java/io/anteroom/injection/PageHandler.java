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

/** Serves pages, counts the results, and probes the page of every instance periodically. */
final class PageHandler {
  private static final int TICKS_PER_PROBE = 10;

  private final InjectedPages pages;
  private final Supplier<Directory> directory;
  private final MetricsRegistry metrics;
  private final InjectionMonitor monitor = new InjectionMonitor();
  private final SerialTask probes = new SerialTask(this::probeInstances);
  private long ticks;
  private boolean isTurnOfAll;

  PageHandler(InjectedPages pages, Supplier<Directory> directory, MetricsRegistry metrics) {
    this.pages = pages;
    this.directory = directory;
    this.metrics = metrics;
    for (InjectionResult verdict : InjectionResult.values()) {
      metrics.add(verdict.figure(), 0);
    }
    metrics.gauge("injection_alerts", monitor::alerts);
  }

  /** Serves a page to a browser. */
  Future<Page> answer(PageQuestion question) {
    return pages.look(question).map(sight -> {
      metrics.count(sight.verdict().figure());
      record(question, sight);
      if (sight.verdict() == InjectionResult.INJECTED && question.document()) {
        monitor.recordLoad(question.instance());
      }
      return sight.page();
    });
  }

  /** Handles the hello of our script from a browser. */
  Future<Void> greet(Hello hello) {
    if (directory.get().instance(hello.instance()).isPresent()) {
      monitor.recordHello(hello.instance(), hello.frontend());
    }
    return Future.succeededFuture();
  }

  /** Evaluates what was seen; probes new instances at once, and all of them every few ticks. */
  void tick() {
    monitor.keepOnly(instances());
    monitor.tick();
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
      if (isTurnOfAll || !monitor.knows(instance)) {
        probed = probed.compose(done -> probe(instance));
      }
    }
    return probed;
  }

  /** Never fails: an instance that is unknown has left the directory since. */
  private Future<Void> probe(String instance) {
    PageQuestion front = new PageQuestion(instance, "/", false);
    return pages.look(front)
      .onSuccess(sight -> record(front, sight))
      .<Void>mapEmpty()
      .otherwiseEmpty();
  }

  private void record(PageQuestion question, InjectedPages.Sight sight) {
    if (question.uri().equals("/")) {
      monitor.record(question.instance(), sight.verdict(), sight.etag());
    }
  }
}
