package io.anteroom.simulator.http;

/** The HTTP faults that a test or a rehearsal has injected into an instance. */
public final class FaultInjection {

  private boolean hangs;
  private int hanging;
  private long delayMs;
  private int answersToLose;
  private int answersToSpoil;
  private int promptsToRefuse;

  public void hang(boolean hangs) {
    this.hangs = hangs;
  }

  /** Whether this request must not be answered. */
  boolean hangsThis() {
    hanging += hangs ? 1 : 0;
    return hangs;
  }

  /** How many requests were left unanswered. */
  public int hanging() {
    return hanging;
  }

  public void slow(long delayMs) {
    this.delayMs = delayMs;
  }

  long delayMs() {
    return delayMs;
  }

  public void loseAnswers(int count) {
    answersToLose = count;
  }

  public void spoilAnswers(int count) {
    answersToSpoil = count;
  }

  public void refusePrompts(int count) {
    promptsToRefuse = count;
  }

  /** Whether this valid prompt must be answered 500 and not be queued. */
  boolean refusesThisPrompt() {
    return promptsToRefuse > 0 && promptsToRefuse-- > 0;
  }

  /** Whether the connection must break before this accepted prompt is answered. */
  boolean losesThisAnswer() {
    return answersToLose > 0 && answersToLose-- > 0;
  }

  /** Whether this accepted prompt must be answered 500. */
  boolean spoilsThisAnswer() {
    return answersToSpoil > 0 && answersToSpoil-- > 0;
  }

  public void heal() {
    hangs = false;
    delayMs = 0;
    answersToLose = 0;
    answersToSpoil = 0;
    promptsToRefuse = 0;
  }
}
