package io.anteroom.trial;

/** A fault that happened, with its times on the ledger's clock; {@code until} is when the next one could come. */
record Occurrence(Fault fault, String victim, long began, long healed, long until) {

  /** From when on its recovery counts. */
  long countsFrom() {
    return fault.countsFromTheBlow() ? began : healed;
  }
}
