package io.anteroom.edge.admission;

import java.util.HashMap;
import java.util.Map;

/** How many bytes of bodies this node holds at once, in all and of one user; safe to use from every event loop. */
public final class BodyBudget {
  private final long limit;
  private final Map<String, Long> ofUsers = new HashMap<>();
  private long taken;

  public BodyBudget(long limit) {
    this.limit = limit;
  }

  /** What came of a wish for more. */
  enum Grant {
    GRANTED,
    /** This user holds too much already. */
    OVER_SHARE,
    /** All together do. */
    FULL
  }

  /** Takes these bytes, or none of them when they do not fit. */
  synchronized Grant take(String user, long bytes, long share) {
    long own = ofUsers.getOrDefault(user, 0L) + bytes;
    if (own > share) {
      return Grant.OVER_SHARE;
    }
    if (taken + bytes > limit) {
      return Grant.FULL;
    }
    taken += bytes;
    ofUsers.put(user, own);
    return Grant.GRANTED;
  }

  synchronized void giveBack(String user, long bytes) {
    taken -= bytes;
    ofUsers.computeIfPresent(user, (name, own) -> own > bytes ? own - bytes : null);
  }

  long limit() {
    return limit;
  }

  synchronized long taken() {
    return taken;
  }
}
