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
 * Sums the metrics that the nodes publish. Gauges of a silent node expire soon, its counters do not, so that the sum of
 * counters never falls, whichever node publishes it.
 */
final class ClusterMetrics {
  static final Duration GAUGE_LIFETIME = Duration.ofSeconds(5);
  /** Two messages in a row may be late or lost before another node publishes the sum. */
  static final Duration PUBLISHED_WITHIN = Duration.ofMillis(2_500);

  private static final int MAX_KNOWN = 1_000;

  private final Clock clock;
  private final Map<String, Received> received = new TreeMap<>();
  /** The last value of each counter by node; also of nodes that are gone, since they may come back. */
  private final Map<String, Map<String, Long>> counters = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Map<String, Long>> eldest) {
      return size() > MAX_KNOWN;
    }
  };
  /** The sum of all counts that this node has received. */
  private final Map<String, Long> counted = new HashMap<>();
  /** The counts from before this node joined, according to another node's sum. */
  private final Map<String, Long> before = new HashMap<>();

  private record Received(MetricsSnapshot figures, Instant at) {
  }

  ClusterMetrics(Clock clock) {
    this.clock = clock;
  }

  /** Adds the metrics of a node. */
  void add(MetricsSnapshot ofNode) {
    received.put(ofNode.node(), new Received(ofNode, clock.instant()));
    Map<String, Long> last = counters.computeIfAbsent(ofNode.node(), node -> new HashMap<>());
    ofNode.values().forEach((name, value) -> {
      if (kind(name) == Kind.COUNTER) {
        counted.merge(name, growth(last.put(name, value), value), Long::sum);
      }
    });
  }

  /** Adopts the sum that another node publishes. */
  void addSum(MetricsSnapshot ofCluster) {
    ofCluster.values().forEach((name, value) -> {
      if (kind(name) == Kind.COUNTER) {
        before.put(name, Math.max(0, value - counted.getOrDefault(name, 0L)));
      }
    });
  }

  /** Whether this node is the first by name of those that published recently, which publishes the sum. */
  boolean isFirst(String node) {
    forget();
    Instant lately = clock.instant().minus(PUBLISHED_WITHIN);
    return received.entrySet().stream().filter(one -> !one.getValue().at().isBefore(lately)).map(Map.Entry::getKey)
      .findFirst().filter(node::equals).isPresent();
  }

  /** The sum. */
  MetricsSnapshot read() {
    forget();
    Map<String, Long> sum = new TreeMap<>();
    List<MetricsSnapshot> oldestFirst = received.values().stream().map(Received::figures)
      .sorted(Comparator.comparingLong(MetricsSnapshot::at)).toList();
    oldestFirst.forEach(node -> node.values().forEach((name, value) -> sum.merge(name, value, kind(name)::both)));
    sum.putAll(counted);
    before.forEach((name, value) -> sum.merge(name, value, Long::sum));
    sum.put(Metric.CLUSTER_NODES.word(), (long) received.size());
    return new MetricsSnapshot("cluster", clock.millis(), sum);
  }

  private void forget() {
    Instant longAgo = clock.instant().minus(GAUGE_LIFETIME);
    received.values().removeIf(one -> one.at().isBefore(longAgo));
  }

  /** A restarted node counts from zero. */
  private static long growth(Long last, long now) {
    return last == null || now < last ? now : now - last;
  }

  private static Kind kind(String name) {
    return Metric.of(name).map(Metric::kind).orElse(Kind.GAUGE);
  }
}
