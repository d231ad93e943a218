package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many run at once: over the whole lab, on an instance, of a student. */
final class LimitInvariants {
  private LimitInvariants() {
  }

  /** Never more than the limit at once, counted at the instances. */
  static Invariant limit(int limit) {
    return evidence -> {
      Overlap overlap = Overlap.of(evidence.runs(), limit);
      return new Invariant.Finding("never more than the limit at once",
        "most %d of %d over %,d runs".formatted(overlap.most(), limit, evidence.runs().size()),
        overlap.violations("lab"));
    };
  }

  /** Never more than its slots on an instance; one that runs a prompt at a time has the others in its own queue. */
  static Invariant slots(int slots) {
    return evidence -> {
      Invariant.Finding ran = each("never more than its slots on an instance", evidence, Run::instance, slots);
      Stream<Invariant.Violation> queued = evidence.audits().overfull().stream()
        .map(what -> new Invariant.Violation("", what));
      return new Invariant.Finding(ran.promise(), ran.counts(),
        Stream.concat(ran.violations().stream(), queued).toList());
    };
  }

  /** Never more than the user's cap. */
  static Invariant userCap(int cap) {
    return evidence -> each("never more than the cap of a student", evidence,
      run -> evidence.ownerOf(run.promptId()), cap);
  }

  private static Invariant.Finding each(String promise, Evidence evidence, Function<Run, String> whose, int cap) {
    Map<String, List<Run>> groups = evidence.runs().stream()
      .collect(Collectors.groupingBy(whose, TreeMap::new, Collectors.toList()));
    int most = 0;
    List<Invariant.Violation> violations = new ArrayList<>();
    for (Map.Entry<String, List<Run>> group : groups.entrySet()) {
      Overlap overlap = Overlap.of(group.getValue(), cap);
      most = Math.max(most, overlap.most());
      violations.addAll(overlap.violations(group.getKey()));
    }
    return new Invariant.Finding(promise, "most %d of %d at each of %d".formatted(most, cap, groups.size()),
      violations);
  }

  /** The most runs at once, and every run that began while the limit was reached. */
  private record Overlap(int most, List<Excess> excess) {

    private record Excess(Run run, List<Run> others) {
    }

    static Overlap of(List<Run> runs, int limit) {
      PriorityQueue<Run> inside = new PriorityQueue<>(Comparator.comparingLong(Overlap::end));
      List<Excess> excess = new ArrayList<>();
      int most = 0;
      for (Run run : runs.stream().sorted(Comparator.comparingLong(Run::begin)).toList()) {
        while (!inside.isEmpty() && end(inside.peek()) <= run.begin()) {
          inside.poll();
        }
        if (inside.size() >= limit) {
          excess.add(new Excess(run, List.copyOf(inside)));
        }
        inside.add(run);
        most = Math.max(most, inside.size());
      }
      return new Overlap(most, excess);
    }

    List<Invariant.Violation> violations(String where) {
      return excess.stream().map(one -> new Invariant.Violation(one.run().promptId(),
        "began at %d ms (%s) beside %s".formatted(one.run().begin() / 1_000_000, where,
          one.others().stream().map(Run::promptId).toList()))).toList();
    }

    private static long end(Run run) {
      return run.end().orElse(Long.MAX_VALUE);
    }
  }
}
