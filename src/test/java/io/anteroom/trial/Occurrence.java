package io.anteroom.trial;

import io.anteroom.trial.Fault.Reach;

/** A fault that happened, with its times on the ledger's clock; {@code until} is when the next one could come. */
record Occurrence(Fault fault, String victim, long began, long healed, long until) {

  /** Whether what runs at this instance could not be seen, stopped or written down while it lasted. */
  boolean reaches(String instance) {
    return fault.reach() == Reach.EVERYBODY || fault.reach() == Reach.INSTANCE && victim.equals(instance);
  }

  /** From when on its recovery counts. */
  long countsFrom() {
    return fault.countsFromTheBlow() ? began : healed;
  }
}
