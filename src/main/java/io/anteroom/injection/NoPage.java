package io.anteroom.injection;

/** What an instance sent cannot carry our script: the browser gets it as it is, by another way. */
final class NoPage extends RuntimeException {
  private final Verdict reason;

  NoPage(Verdict reason) {
    super(reason.word(), null, false, false);
    this.reason = reason;
  }

  Verdict reason() {
    return reason;
  }
}
