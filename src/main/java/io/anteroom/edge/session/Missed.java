package io.anteroom.edge.session;

import io.anteroom.comfy.Told;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last words of runs that ended while no browser listened, for the next that comes; the latest few of them. */
final class Missed {
  private static final int MOST = 32;
  private static final int LARGEST = 64 << 10;

  private final Deque<Said> words = new ArrayDeque<>(0);

  /** Keeps what a page must not overlook; the rest is told by how things stand. */
  void note(Said said) {
    if (said.isText() && said.size() <= LARGEST && isLast(said.content())) {
      words.add(said);
      if (words.size() > MOST) {
        words.remove();
      }
    }
  }

  /** All of them, oldest first. */
  List<Said> all() {
    return List.copyOf(words);
  }

  void forget() {
    words.clear();
  }

  private static boolean isLast(Buffer message) {
    Told told = Told.of(message);
    return told.isVerdict() || told.endsRun() || told.type().equals(Told.EXECUTED);
  }
}
