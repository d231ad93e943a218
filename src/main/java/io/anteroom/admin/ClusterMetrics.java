package io.anteroom.admin;

import io.anteroom.metrics.Metric;
import io.anteroom.metrics.Metric.Kind;
import io.anteroom.metrics.MetricsSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up what the nodes told. Of a node that fell silent its gauges are soon forgotten, its counters are not: what was
 * counted was counted, so they never fall, whichever node tells the sum.
 */
final class ClusterMetrics {
  static final Duration REMEMBERED = Duration.ofSeconds(5);
  /** Two in a row may be late or lost before another node tells the sum. */
  static final Duration TOLD_WITHIN = Duration.ofMillis(2_500);

  private static final int MAX_KNOWN = 1_000;

  private final Clock clock;
  private final Map<String, Heard> heard = new TreeMap<>();
  /** What each node has told last of each counter; of those that are gone too, for they may come back. */
  private final Map<String, Map<String, Long>> counters = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Map<String, Long>> longestSilent) {
      return size() > MAX_KNOWN;
    }
  };
  /** All that this node has heard nodes count. */
  private final Map<String, Long> counted = new HashMap<>();
  /** How much more had been counted before it came, as another node's sum says. */
  private final Map<String, Long> before = new HashMap<>();

  private record Heard(MetricsSnapshot figures, Instant at) {
  }

  ClusterMetrics(Clock clock) {
    this.clock = clock;
  }

  /** A node tells this. */
  void note(MetricsSnapshot ofNode) {
    heard.put(ofNode.node(), new Heard(ofNode, clock.instant()));
    Map<String, Long> last = counters.computeIfAbsent(ofNode.node(), node -> new HashMap<>());
    ofNode.values().forEach((name, value) -> {
      if (kind(name) == Kind.COUNTER) {
        counted.merge(name, growth(last.put(name, value), value), Long::sum);
      }
    });
  }

  /** Another node tells this sum. */
  void heardSum(MetricsSnapshot ofCluster) {
    ofCluster.values().forEach((name, value) -> {
      if (kind(name) == Kind.COUNTER) {
        before.put(name, Math.max(0, value - counted.getOrDefault(name, 0L)));
      }
    });
  }

  /** Whether this node's name is the first of those that told something just now: that one tells the sum. */
  boolean isFirst(String node) {
    forget();
    Instant lately = clock.instant().minus(TOLD_WITHIN);
    return heard.entrySet().stream().filter(one -> !one.getValue().at().isBefore(lately)).map(Map.Entry::getKey)
      .findFirst().filter(node::equals).isPresent();
  }

  /** What the nodes' figures come to. */
  MetricsSnapshot read() {
    forget();
    Map<String, Long> sum = new TreeMap<>();
    List<MetricsSnapshot> oldestFirst = heard.values().stream().map(Heard::figures)
      .sorted(Comparator.comparingLong(MetricsSnapshot::at)).toList();
    oldestFirst.forEach(node -> node.values().forEach((name, value) -> sum.merge(name, value, kind(name)::both)));
    sum.putAll(counted);
    before.forEach((name, value) -> sum.merge(name, value, Long::sum));
    sum.put(Metric.CLUSTER_NODES.word(), (long) heard.size());
    return new MetricsSnapshot("cluster", clock.millis(), sum);
  }

  private void forget() {
    Instant longAgo = clock.instant().minus(REMEMBERED);
    heard.values().removeIf(one -> one.at().isBefore(longAgo));
  }

  /** A node that was started again counts from nothing. */
  private static long growth(Long last, long now) {
    return last == null || now < last ? now : now - last;
  }

  private static Kind kind(String name) {
    return Metric.of(name).map(Metric::kind).orElse(Kind.GAUGE);
  }
}
