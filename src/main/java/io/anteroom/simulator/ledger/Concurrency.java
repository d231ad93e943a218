package io.anteroom.simulator.ledger;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The number of concurrent runs as a step function over time: tests can assert that the limit was not only kept but
 * used. A run that ends in the same nanosecond in which another begins does not overlap with it.
 */
public record Concurrency(List<Step> steps, long until) {

  /** The number of runs from a moment on. */
  public record Step(long at, int running) {
  }

  public Concurrency {
    steps = List.copyOf(steps);
  }

  static Concurrency of(Collection<Run> runs, long now) {
    TreeMap<Long, Integer> changes = new TreeMap<>();
    for (Run run : runs) {
      changes.merge(run.begin(), 1, Integer::sum);
      run.end().ifPresent(end -> changes.merge(end, -1, Integer::sum));
    }
    List<Step> steps = new ArrayList<>();
    int running = 0;
    for (var change : changes.entrySet()) {
      running += change.getValue();
      steps.add(new Step(change.getKey(), running));
    }
    return new Concurrency(steps, now);
  }

  public int most() {
    return steps.stream().mapToInt(Step::running).max().orElse(0);
  }

  /** The number of runs at a moment. */
  public int at(long nanos) {
    return steps.stream().filter(step -> step.at() <= nanos).reduce((first, last) -> last).map(Step::running).orElse(0);
  }

  /** The minimum number of runs in a span. */
  public int leastBetween(long from, long to) {
    return steps.stream()
      .filter(step -> step.at() > from && step.at() < to)
      .mapToInt(Step::running)
      .reduce(at(from), Math::min);
  }

  /** How long exactly this many were running. */
  public Duration timeAt(int level) {
    return timeWhile(running -> running == level);
  }

  public Duration timeAtLeast(int level) {
    return timeWhile(running -> running >= level);
  }

  /** How long there were fewer, between the first and the last moment with this many. */
  public Duration gapsBelow(int level) {
    List<Step> full = steps.stream().filter(step -> step.running() >= level).toList();
    if (full.isEmpty()) {
      return Duration.ZERO;
    }
    long from = full.get(0).at();
    long to = full.get(full.size() - 1).at();
    long below = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.at() >= from && step.at() < to && step.running() < level) {
        below += endOf(i) - step.at();
      }
    }
    return Duration.ofNanos(below);
  }

  public JsonObject toJson() {
    JsonArray json = new JsonArray();
    steps.forEach(step -> json.add(JsonArray.of(step.at(), step.running())));
    return JsonObject.of("until_ns", until, "most", most(), "steps", json);
  }

  private Duration timeWhile(IntPredicate level) {
    long nanos = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (level.test(steps.get(i).running())) {
        nanos += endOf(i) - steps.get(i).at();
      }
    }
    return Duration.ofNanos(nanos);
  }

  private long endOf(int step) {
    return step + 1 < steps.size() ? steps.get(step + 1).at() : Math.max(until, steps.get(step).at());
  }
}
