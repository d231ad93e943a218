package io.anteroom.dispatch;

/** What a node saw of one instance, round after round; says when that is worth telling. */
final class Visit {
  /** A single miss is no news: an instance that loads a model answers late. */
  private static final int MISSES_THAT_COUNT = 2;

  /** Every so many rounds what is known already is told again: a node may have told otherwise and died. */
  private static final int SAY_AGAIN = 6;

  /** An instance that comes and goes must answer for longer each time before it counts as back, up to 32 rounds. */
  private static final int MOST_FALLS = 6;
  private static final int FORGIVEN_AFTER = 64;

  private int misses;
  private int answers;
  private int falls;
  private boolean known;
  private boolean out;

  /** It answered. True when it is to be told that it is up. */
  boolean answered() {
    misses = 0;
    answers++;
    if (answers >= FORGIVEN_AFTER) {
      falls = 0;
    }
    if (out && answers < required()) {
      return false;
    }
    boolean news = out || !known || answers % SAY_AGAIN == 0;
    out = false;
    known = true;
    return news;
  }

  /** It did not answer. True when it is to be told that it is down. */
  boolean missed() {
    misses++;
    if (misses != MISSES_THAT_COUNT && misses % SAY_AGAIN != 0) {
      return false;
    }
    if (!out || answers > 0) {
      falls = Math.min(falls + 1, MOST_FALLS);
    }
    answers = 0;
    out = true;
    return true;
  }

  /** What was told did not come through, or did not hold: tell it again at the next round. */
  void forget() {
    known = false;
  }

  private int required() {
    return falls < 2 ? 1 : 1 << falls - 1;
  }
}
