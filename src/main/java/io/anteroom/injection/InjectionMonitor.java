package io.anteroom.injection;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects when an instance's page no longer has our script, or has it and browsers do not run it. Logs every change,
 * and counts the affected instances in {@code injection_alerts}.
 */
final class InjectionMonitor {
  private static final Logger log = LoggerFactory.getLogger(InjectionMonitor.class);

  /** Browsers may send anything, and this goes into the log. */
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,40}");
  private static final int MIN_LOADS = 5;
  private static final int MAX_LOADS = 50;
  private static final double HEALTHY_RATIO = 0.9;

  /** By instance; bounded by the directory. */
  private final Map<String, PageState> pages = new HashMap<>();
  private volatile long alerts;

  /** Records the result for a page of the instance. */
  void record(String instance, InjectionResult result, String etag) {
    PageState page = of(instance);
    if (page.result != result) {
      report(instance, page, result, etag);
    }
    page.result = result;
    count();
  }

  /** Records that a browser loads an injected page as a document, where the script runs and says hello. */
  void recordLoad(String instance) {
    of(instance).loads++;
  }

  /** Records that our script runs in a browser. */
  void recordHello(String instance, String frontend) {
    PageState page = of(instance);
    page.hellos++;
    if (VERSION.matcher(frontend).matches()) {
      page.frontend = frontend;
    }
  }

  /** Evaluates the ratio, called at even intervals: pages loaded since the last call but one may yet say hello. */
  void tick() {
    pages.forEach(InjectionMonitor::evaluate);
    count();
  }

  /** Forgets all other instances. */
  void keepOnly(Collection<String> instances) {
    pages.keySet().retainAll(instances);
  }

  boolean knows(String instance) {
    return pages.containsKey(instance);
  }

  /** The number of instances whose students miss our script. */
  long alerts() {
    return alerts;
  }

  private PageState of(String instance) {
    return pages.computeIfAbsent(instance, unknown -> new PageState());
  }

  private void count() {
    alerts = pages.values().stream().filter(page -> page.result.isMiss() || page.silent).count();
  }

  private static void report(String instance, PageState page, InjectionResult result, String etag) {
    if (result.isMiss()) {
      log.warn("Page sent without our script, the proxy queues runs anyway: "
        + "instance={} reason={} frontend={}", instance, result.word(), page.frontend);
    } else {
      log.info("Page checked: instance={} result={} etag={}", instance, result.word(), etag);
    }
  }

  private static void evaluate(String instance, PageState page) {
    page.settled += page.settling;
    page.settling = page.loads;
    page.loads = 0;
    if (page.settled < MIN_LOADS) {
      return;
    }
    boolean silent = page.hellos < HEALTHY_RATIO * page.settled;
    if (silent && !page.silent) {
      log.warn("Browsers load our script but few run it, the proxy queues runs anyway: "
        + "instance={} loads={} hellos={} frontend={}", instance, page.settled, page.hellos, page.frontend);
    }
    page.silent = silent;
    if (page.settled > MAX_LOADS) {
      page.reset();
    }
  }

  /** The state of one instance's page. */
  private static final class PageState {
    private InjectionResult result = InjectionResult.SWITCHED_OFF;
    private String frontend = "";
    private long loads;
    private long settling;
    private long settled;
    private long hellos;
    private boolean silent;

    /** Lets a repaired page recover soon; surplus hellos count for the next loads. */
    private void reset() {
      hellos = Math.max(0, hellos - settled);
      settled = 0;
    }
  }
}
