package io.anteroom.edge.session;

import io.anteroom.comfy.SocketWords;
import io.anteroom.comfy.SocketWords.Loss;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Tells the browsers of a session what was lost on the way; what is lost again and again is counted. */
final class Losses {
  private static final Duration COUNTED_FOR = Duration.ofSeconds(10);

  private final Means means;
  private final Audience audience;
  /** How many since they were told of it last, by what they were told. */
  private final Map<String, Integer> untold = new HashMap<>(1);

  Losses(Means means, Audience audience) {
    this.means = means;
    this.audience = audience;
  }

  void note(Loss loss, String instance) {
    String key = loss + " " + instance;
    if (untold.computeIfPresent(key, (same, count) -> count + 1) == null) {
      untold.put(key, 0);
      tell(loss, instance, 1);
      means.vertx().setTimer(COUNTED_FOR.toMillis(), over -> tellCount(key, loss, instance));
    }
  }

  private void tellCount(String key, Loss loss, String instance) {
    int count = untold.remove(key);
    if (count > 0) {
      tell(loss, instance, count);
    }
  }

  private void tell(Loss loss, String instance, int count) {
    audience.tell(Said.text(SocketWords.lost(loss, instance, count)));
  }
}
