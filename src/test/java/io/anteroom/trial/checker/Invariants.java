package io.anteroom.trial.checker;

import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.generator.StudentLayout;
import java.util.List;

/** The checker: every invariant, in the order of the report. */
public final class Invariants {
  private Invariants() {
  }

  static List<Invariant> all() {
    return List.of(
      LimitInvariants.limit(TrialSettings.LIMIT),
      LimitInvariants.slots(StudentLayout.SLOTS),
      LimitInvariants.userCap(TrialSettings.USER_RUNNING),
      EndInvariants::oneEnd,
      RunInvariants::atMostOnce,
      RunInvariants::refusedNeverRuns,
      EndInvariants::endIsTrue,
      new PermitInvariant(TrialSettings.LEASE, TrialSettings.POLL),
      new TimeoutInvariant(TrialSettings.TIMEOUT, TrialSettings.LEASE, TrialSettings.POLL),
      RunInvariants::order,
      RunInvariants::onlyOwn,
      StoreInvariants::whole,
      StoreInvariants::empty);
  }

  public static List<Invariant.Finding> check(Evidence evidence) {
    return all().stream().map(promise -> promise.check(evidence)).toList();
  }
}
