package io.anteroom.edge.session;

import io.anteroom.comfy.SocketWords;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a session's browsers how many of their student's tasks wait and run. At none a page may start its next run by
 * itself, so it never says none while one waits, whatever an instance says of its own queue.
 */
final class Remaining {
  private final Audience audience;
  private final OwnTasks own;
  private final String clientId;
  private boolean due;
  private int lastTold;

  Remaining(Audience audience, OwnTasks own, String clientId) {
    this.audience = audience;
    this.own = own;
    this.clientId = clientId;
  }

  /** Greets those browsers that were not yet. */
  void greet(List<Said> latest) {
    if (!audience.isGreeted()) {
      lastTold = own.remaining();
      List<Said> words = new ArrayList<>(List.of(Said.text(SocketWords.hello(clientId, lastTold))));
      words.addAll(latest);
      audience.greet(words);
    }
  }

  /** Something happened: pages look at their lists afresh when they are told, even the same number. */
  void changed() {
    due = true;
    own.look();
  }

  /** The tasks were looked up. */
  void known() {
    if (due || own.remaining() != lastTold) {
      tell();
    }
  }

  /** Tells the number, or as soon as it is known. */
  void tell() {
    due = !own.isKnown();
    if (due) {
      return;
    }
    lastTold = own.remaining();
    audience.tell(Said.text(SocketWords.status(lastTold)));
  }
}
