package io.anteroom.simulator;

/** What is wrong with an instance's HTTP at the moment, by order of a test or a rehearsal. */
final class Faults {

  private boolean hangs;
  private int hanging;
  private long delayMs;
  private int answersToLose;
  private int answersToSpoil;
  private int promptsToRefuse;

  void hang(boolean hangs) {
    this.hangs = hangs;
  }

  /** Whether this request shall never be answered. */
  boolean hangsThis() {
    hanging += hangs ? 1 : 0;
    return hangs;
  }

  /** How many requests were left without an answer. */
  int hanging() {
    return hanging;
  }

  void slow(long delayMs) {
    this.delayMs = delayMs;
  }

  long delayMs() {
    return delayMs;
  }

  void loseAnswers(int count) {
    answersToLose = count;
  }

  void spoilAnswers(int count) {
    answersToSpoil = count;
  }

  void refusePrompts(int count) {
    promptsToRefuse = count;
  }

  /** Whether this good prompt shall be answered 500 and not be queued. */
  boolean refusesThisPrompt() {
    return promptsToRefuse > 0 && promptsToRefuse-- > 0;
  }

  /** Whether the connection shall break before this accepted prompt is answered. */
  boolean losesThisAnswer() {
    return answersToLose > 0 && answersToLose-- > 0;
  }

  /** Whether this accepted prompt shall be answered 500. */
  boolean spoilsThisAnswer() {
    return answersToSpoil > 0 && answersToSpoil-- > 0;
  }

  void heal() {
    hangs = false;
    delayMs = 0;
    answersToLose = 0;
    answersToSpoil = 0;
    promptsToRefuse = 0;
  }
}
