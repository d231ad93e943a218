package io.anteroom.trial.history;

import io.anteroom.trial.nemesis.Fault;
import io.anteroom.trial.nemesis.Fault.Reach;

/** An injected fault, with its times on the ledger's clock; {@code until} is when the next one could come. */
public record FaultEvent(Fault fault, String victim, long began, long healed, long until) {

  /** Whether what runs at this instance could not be seen, stopped or written down while it lasted. */
  public boolean reaches(String instance) {
    return fault.reach() == Reach.ALL || fault.reach() == Reach.INSTANCE && victim.equals(instance);
  }

  /** From when on its recovery counts. */
  public long countsFrom() {
    return fault.countsFromStart() ? began : healed;
  }
}
