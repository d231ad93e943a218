package io.anteroom.trial.checker;

import io.anteroom.trial.checker.Evidence.Audits;
import io.anteroom.trial.checker.Invariant.Finding;
import io.anteroom.trial.checker.Invariant.Violation;
import java.util.List;

/** The store is consistent at all times, and empty of tasks when the trial is over. */
final class StoreInvariants {
  private StoreInvariants() {
  }

  static Finding whole(Evidence evidence) {
    Audits audits = evidence.audits();
    return new Finding("the store is consistent, and keeps limit, slots and caps, at every check",
      "%,d checks, %,d more found no store".formatted(audits.checks(), audits.misses()), violations(audits.wrong()));
  }

  static Finding empty(Evidence evidence) {
    return new Finding("nothing is left over", "processing, slots, waiting and requests",
      violations(evidence.audits().left()));
  }

  private static List<Violation> violations(List<String> wrong) {
    return wrong.stream().map(what -> new Violation("", what)).toList();
  }
}
