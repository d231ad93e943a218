package io.anteroom.metrics;

import io.anteroom.bus.Figure;
import io.anteroom.bus.Figures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what the nodes told lately; a node that fell silent is soon forgotten. */
final class ClusterSum {
  static final Duration REMEMBERED = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<String, Heard> heard = new TreeMap<>();

  private record Heard(Figures figures, Instant at) {
  }

  ClusterSum(Clock clock) {
    this.clock = clock;
  }

  void note(Figures ofNode) {
    heard.put(ofNode.node(), new Heard(ofNode, clock.instant()));
  }

  /** Whether this node's name is the first of those alive: that one tells the sum. */
  boolean isFirst(String node) {
    forget();
    return heard.keySet().stream().findFirst().filter(node::equals).isPresent();
  }

  /** What the nodes' figures come to. */
  Figures read() {
    forget();
    Map<String, Long> sum = new TreeMap<>();
    List<Figures> oldestFirst = heard.values().stream().map(Heard::figures)
      .sorted(Comparator.comparingLong(Figures::at)).toList();
    oldestFirst.forEach(node -> node.values().forEach((name, value) -> sum.merge(name, value, kind(name)::both)));
    sum.put(Figure.CLUSTER_NODES.word(), (long) heard.size());
    return new Figures("cluster", clock.millis(), sum);
  }

  private void forget() {
    Instant longAgo = clock.instant().minus(REMEMBERED);
    heard.values().removeIf(one -> one.at().isBefore(longAgo));
  }

  private static Figure.Kind kind(String name) {
    return Figure.of(name).map(Figure::kind).orElse(Figure.Kind.GAUGE);
  }
}
