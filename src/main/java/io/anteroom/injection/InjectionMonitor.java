package io.anteroom.injection;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when an instance's page no longer carries our script, or carries it and browsers do not run it. Says so once
 * per change, and for as long as it lasts in the figure {@code injection_alerts}.
 */
final class InjectionMonitor {
  private static final Logger log = LoggerFactory.getLogger(InjectionMonitor.class);

  /** What a browser sends may be anything, and this goes into the log. */
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,40}");
  private static final int ENOUGH_LOADS = 5;
  private static final int MANY_LOADS = 50;
  private static final double HEALTHY_RATIO = 0.9;

  /** By instance; as many as the directory lists. */
  private final Map<String, Seen> seen = new HashMap<>();
  private volatile long alerts;

  /** Notes how a page of the instance came out. */
  void saw(String instance, InjectionResult verdict, String etag) {
    Seen page = of(instance);
    if (page.verdict != verdict) {
      report(instance, page, verdict, etag);
    }
    page.verdict = verdict;
    count();
  }

  /** Notes that a browser opens a page with our script as a document: only there it runs, and greets. */
  void loaded(String instance) {
    of(instance).loads++;
  }

  /** Notes that our script runs in a browser. */
  void greeted(String instance, String frontend) {
    Seen page = of(instance);
    page.hellos++;
    if (VERSION.matcher(frontend).matches()) {
      page.frontend = frontend;
    }
  }

  /** Judges, called at even intervals: what was loaded since the last call but one may still be about to say hello. */
  void tick() {
    seen.forEach(InjectionMonitor::judge);
    count();
  }

  /** Forgets instances that are gone. */
  void keepOnly(Collection<String> instances) {
    seen.keySet().retainAll(instances);
  }

  boolean knows(String instance) {
    return seen.containsKey(instance);
  }

  /** Instances whose students do not see what they should. */
  long alerts() {
    return alerts;
  }

  private Seen of(String instance) {
    return seen.computeIfAbsent(instance, unknown -> new Seen());
  }

  private void count() {
    alerts = seen.values().stream().filter(page -> page.verdict.isMiss() || page.silent).count();
  }

  private static void report(String instance, Seen page, InjectionResult verdict, String etag) {
    if (verdict.isMiss()) {
      log.warn("The page goes out without our script, runs are queued by the proxy all the same: "
        + "instance={} reason={} frontend={}", instance, verdict.word(), page.frontend);
    } else {
      log.info("The page was looked at: instance={} result={} etag={}", instance, verdict.word(), etag);
    }
  }

  private static void judge(String instance, Seen page) {
    page.settled += page.settling;
    page.settling = page.loads;
    page.loads = 0;
    if (page.settled < ENOUGH_LOADS) {
      return;
    }
    boolean silent = page.hellos < HEALTHY_RATIO * page.settled;
    if (silent && !page.silent) {
      log.warn("Browsers get our script but few run it, runs are queued by the proxy all the same: "
        + "instance={} loads={} hellos={} frontend={}", instance, page.settled, page.hellos, page.frontend);
    }
    page.silent = silent;
    if (page.settled > MANY_LOADS) {
      page.beginAnew();
    }
  }

  /** What is known of one instance's page. */
  private static final class Seen {
    private InjectionResult verdict = InjectionResult.SWITCHED_OFF;
    private String frontend = "";
    private long loads;
    private long settling;
    private long settled;
    private long hellos;
    private boolean silent;

    /** So that a mended page soon counts as mended; hellos beyond what was judged belong to loads that come next. */
    private void beginAnew() {
      hellos = Math.max(0, hellos - settled);
      settled = 0;
    }
  }
}
