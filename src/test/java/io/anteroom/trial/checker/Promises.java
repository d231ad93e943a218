package io.anteroom.trial.checker;

import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.generator.Roster;
import java.util.List;

/** Everything that must hold whatever happens, in the order in which a report tells it. */
public final class Promises {
  private Promises() {
  }

  static List<Promise> all() {
    return List.of(
      LimitPromises.limit(TrialSettings.LIMIT),
      LimitPromises.slots(Roster.SLOTS),
      LimitPromises.userCap(TrialSettings.USER_RUNNING),
      EndPromises::oneEnd,
      RunPromises::atMostOnce,
      RunPromises::refusedNeverRuns,
      EndPromises::endIsTrue,
      new PlacePromise(TrialSettings.LEASE, TrialSettings.POLL),
      new TimeoutPromise(TrialSettings.TIMEOUT, TrialSettings.LEASE, TrialSettings.POLL),
      RunPromises::order,
      RunPromises::onlyOwn,
      StorePromises::whole,
      StorePromises::empty);
  }

  public static List<Promise.Finding> judge(Evidence evidence) {
    return all().stream().map(promise -> promise.judge(evidence)).toList();
  }
}
