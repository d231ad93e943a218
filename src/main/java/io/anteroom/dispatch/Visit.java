package io.anteroom.dispatch;

/** What a node saw of one instance, round after round; says when that is worth telling the store. */
final class Visit {
  /** A single miss is no news: an instance that loads a model answers late. */
  private static final int MISSES_THAT_COUNT = 2;

  /** Every so many rounds what is known already is told again: a node may have told otherwise and died. */
  private static final int SAY_AGAIN = 6;

  private int misses;
  private int answers;
  private boolean known;
  private boolean out;
  private boolean alive;
  private String told = "";

  /** It answered. True when it is to be told that it is up: one answer suffices, however often it was out before. */
  boolean answered() {
    misses = 0;
    answers++;
    boolean news = out || !known || answers % SAY_AGAIN == 0;
    out = false;
    known = true;
    return news;
  }

  /**
   * It did not answer, or not as ComfyUI does. True when it is to be told that it is down. What shows a sign of life by
   * another way did not miss.
   *
   * @param why the outage that this looks like; another one than was told is news
   */
  boolean missed(String why) {
    if (alive) {
      alive = false;
      misses = 0;
      return false;
    }
    answers = 0;
    misses++;
    boolean another = misses > MISSES_THAT_COUNT && !why.equals(told);
    if (misses != MISSES_THAT_COUNT && misses % SAY_AGAIN != 0 && !another) {
      return false;
    }
    out = true;
    told = why;
    return true;
  }

  /** A run there told its progress. True when the store is to hear of it, for it takes the instance to be silent. */
  boolean progressed() {
    boolean news = out && !alive;
    alive = true;
    return news;
  }

  /** What was told did not come through, or did not hold: tell it again at the next round. */
  void forget() {
    known = false;
  }
}
