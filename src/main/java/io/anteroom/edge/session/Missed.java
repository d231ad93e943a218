package io.anteroom.edge.session;

import io.anteroom.comfy.SocketWords;
import io.anteroom.comfy.SocketWords.Loss;
import io.anteroom.comfy.Told;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last words of runs that ended while no browser listened, for the next that comes; the latest few of them, and how
 * many there were beside these.
 */
final class Missed {
  private static final int MOST = 32;
  private static final int LARGEST = 64 << 10;

  private final Deque<Said> words = new ArrayDeque<>(0);
  private int lost;

  /** Keeps what a page must not overlook; the rest is told by how things stand. */
  void note(Said said) {
    if (!said.isText() || !isLast(said.content())) {
      return;
    }
    if (said.size() > LARGEST) {
      lost++;
      return;
    }
    words.add(said);
    if (words.size() > MOST) {
      words.remove();
      lost++;
    }
  }

  /** All of them, oldest first. */
  List<Said> all() {
    List<Said> all = new ArrayList<>(words);
    if (lost > 0) {
      all.add(Said.text(SocketWords.lost(Loss.MISSED, "", lost)));
    }
    return all;
  }

  void forget() {
    words.clear();
    lost = 0;
  }

  private static boolean isLast(Buffer message) {
    Told told = Told.of(message);
    return told.isVerdict() || told.endsRun() || told.type().equals(Told.EXECUTED) || told.type().equals(Told.NOTICE);
  }
}
