package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many ran at once, over time. */
final class Usage {
  private final TreeMap<Long, Integer> running = new TreeMap<>();

  private Usage() {
    running.put(Long.MIN_VALUE, 0);
  }

  static Usage of(List<Run> runs) {
    TreeMap<Long, Integer> changes = new TreeMap<>();
    for (Run run : runs) {
      changes.merge(run.begin(), 1, Integer::sum);
      run.end().ifPresent(end -> changes.merge(end, -1, Integer::sum));
    }
    Usage usage = new Usage();
    int now = 0;
    for (Map.Entry<Long, Integer> change : changes.entrySet()) {
      now += change.getValue();
      usage.running.put(change.getKey(), now);
    }
    return usage;
  }

  int most() {
    return running.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** The spans between these moments in which there were fewer than so many, each as {from, to}. */
  List<long[]> spansBelow(int level, long from, long to) {
    List<long[]> spans = new ArrayList<>();
    TreeMap<Long, Integer> window = new TreeMap<>(running.subMap(from, true, to, false));
    window.put(from, running.floorEntry(from).getValue());
    Long since = null;
    for (Map.Entry<Long, Integer> step : window.entrySet()) {
      boolean below = step.getValue() < level;
      if (below && since == null) {
        since = step.getKey();
      } else if (!below && since != null) {
        spans.add(new long[] {since, step.getKey()});
        since = null;
      }
    }
    if (since != null) {
      spans.add(new long[] {since, to});
    }
    return spans;
  }

  /** The share of these places that was in use between these moments. */
  double share(int places, long from, long to) {
    double used = 0;
    long since = from;
    int now = running.floorEntry(from).getValue();
    for (Map.Entry<Long, Integer> step : running.subMap(from, true, to, false).entrySet()) {
      used += (double) now * (step.getKey() - since);
      since = step.getKey();
      now = step.getValue();
    }
    return (used + (double) now * (to - since)) / ((double) places * (to - from));
  }
}
