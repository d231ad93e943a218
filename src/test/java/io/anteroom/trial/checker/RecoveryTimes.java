package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.trial.generator.Demand;
import io.anteroom.trial.history.FaultEvent;
import io.anteroom.trial.nemesis.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long it took after each fault until the places were in full use again: until the last time that a place stood
 * empty for longer than a moment although a task waited that could have had it. After an instance's fault also until
 * that instance ran a task again.
 */
final class RecoveryTimes {
  /** So long the step from one task to the next may take without counting as a place that stands empty. */
  private static final long MOMENT = 1_500_000_000L;

  private final List<Run> runs;
  private final Usage usage;
  private final int limit;
  private final Demand demand;

  RecoveryTimes(List<Run> runs, int limit, Demand demand) {
    this.demand = demand;
    this.runs = runs;
    this.usage = Usage.of(runs);
    this.limit = limit;
  }

  /** The seconds of every fault of a kind, in order. */
  record Times(List<Double> seconds) {
    double median() {
      return seconds.stream().sorted().skip((seconds.size() - 1) / 2).findFirst().orElse(0.0);
    }

    double worst() {
      return seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
  }

  /** Until all places were in use again, for each kind. */
  Map<String, Times> places(List<FaultEvent> faults) {
    Map<String, List<Double>> times = new TreeMap<>();
    faults.forEach(fault -> times.computeIfAbsent(fault.fault().word(), first -> new ArrayList<>())
      .add(seconds(fullAgain(fault) - fault.countsFrom())));
    return asTimes(times);
  }

  /** Until the instance ran something again, for each kind that hits one; where nothing came, nothing counts. */
  Map<String, Times> instances(List<FaultEvent> faults) {
    Map<String, List<Double>> times = new TreeMap<>();
    for (FaultEvent fault : faults) {
      if (fault.fault().reach() == Fault.Reach.INSTANCE) {
        runs.stream().filter(run -> run.instance().equals(fault.victim()) && run.begin() >= fault.healed())
          .mapToLong(Run::begin).min().ifPresent(begin ->
            times.computeIfAbsent(fault.fault().word(), first -> new ArrayList<>())
              .add(seconds(begin - fault.healed())));
      }
    }
    return asTimes(times);
  }

  private long fullAgain(FaultEvent fault) {
    return usage.spansBelow(limit, fault.countsFrom(), fault.until()).stream()
      .flatMap(span -> demand.within(span).stream())
      .filter(span -> span[1] - span[0] > MOMENT)
      .mapToLong(span -> span[1]).max().orElse(fault.countsFrom());
  }

  private static Map<String, Times> asTimes(Map<String, List<Double>> times) {
    Map<String, Times> all = new TreeMap<>();
    times.forEach((kind, seconds) -> all.put(kind, new Times(List.copyOf(seconds))));
    return all;
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
