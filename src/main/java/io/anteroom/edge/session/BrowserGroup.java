package io.anteroom.edge.session;

import io.anteroom.comfy.ComfyMessages;
import io.anteroom.comfy.ComfyMessages.Loss;
import io.anteroom.comfy.SocketMessage;
import io.anteroom.comfy.SocketMessage.Binary;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The browsers of one session, which all hear the same. */
final class BrowserGroup {
  private final List<BrowserSocket> browsers = new ArrayList<>(1);
  private final Missed missed = new Missed();
  private boolean hasHadSomebody;

  void add(BrowserSocket browser) {
    hasHadSomebody = true;
    browsers.add(browser);
  }

  boolean remove(BrowserSocket browser) {
    return browsers.remove(browser);
  }

  boolean isEmpty() {
    return browsers.isEmpty();
  }

  /** Whether there ever was a browser. */
  boolean hasHadSomebody() {
    return hasHadSomebody;
  }

  /** Greets those that were not greeted yet, and tells what nobody has heard. */
  void greet(List<WebSocketMessage> words) {
    List<WebSocketMessage> all = forTheNext(words);
    browsers.forEach(browser -> browser.greet(all));
    missed.forget();
  }

  /** These words, and what was told to nobody and must not be overlooked. */
  List<WebSocketMessage> forTheNext(List<WebSocketMessage> words) {
    List<WebSocketMessage> all = new ArrayList<>(words);
    all.addAll(missed.all());
    return all;
  }

  boolean isGreeted() {
    return browsers.stream().allMatch(BrowserSocket::isGreeted);
  }

  void tell(WebSocketMessage said) {
    if (isEmpty()) {
      missed.note(said);
    }
    browsers.forEach(browser -> browser.tell(said));
  }

  /**
   * Passes on what an instance says.
   *
   * @param told what it is about; empty of a binary message
   */
  void pass(WebSocketMessage said, Optional<SocketMessage> told) {
    if (told.isEmpty() && Binary.isPreview(said.content())) {
      browsers.forEach(browser -> browser.show(said));
      return;
    }
    if (told.filter(SocketMessage::turnsThePage).isPresent()) {
      browsers.forEach(BrowserSocket::turnThePage);
    }
    tell(said);
  }

  /** Tells the instance's flags: to all when they are news, else to who asked for them. */
  void tellFlags(WebSocketMessage flags, boolean news) {
    browsers.forEach(browser -> {
      if (browser.isOwedFlags() || news) {
        browser.tell(flags);
      }
    });
  }

  boolean isFull() {
    return browsers.stream().anyMatch(BrowserSocket::isFull);
  }

  void reading(boolean on) {
    browsers.forEach(browser -> browser.reading(on));
  }

  void ping() {
    List.copyOf(browsers).forEach(BrowserSocket::ping);
  }

  /** Tells the browsers of a session what was lost on the way; what is lost again and again is counted. */
  static final class Losses {
    private static final Duration COUNTED_FOR = Duration.ofSeconds(10);

    private final SessionContext means;
    private final BrowserGroup audience;
    /** How many since they were told of it last, by what they were told. */
    private final Map<String, Integer> untold = new HashMap<>(1);

    Losses(SessionContext means, BrowserGroup audience) {
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
      audience.tell(WebSocketMessage.text(ComfyMessages.lost(loss, instance, count)));
    }
  }

  /**
   * The last words of runs that ended while no browser listened, for the next that comes; the latest few of them, and
   * how many there were beside these.
   */
  static final class Missed {
    private static final int MOST = 32;
    private static final int LARGEST = 64 << 10;

    private final Deque<WebSocketMessage> words = new ArrayDeque<>(0);
    private int lost;

    /** Keeps what a page must not overlook; the rest is told by how things stand. */
    void note(WebSocketMessage said) {
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
    List<WebSocketMessage> all() {
      List<WebSocketMessage> all = new ArrayList<>(words);
      if (lost > 0) {
        all.add(WebSocketMessage.text(ComfyMessages.lost(Loss.MISSED, "", lost)));
      }
      return all;
    }

    void forget() {
      words.clear();
      lost = 0;
    }

    private static boolean isLast(Buffer message) {
      SocketMessage told = SocketMessage.of(message);
      return told.isVerdict() || told.endsRun() || told.type().equals(SocketMessage.EXECUTED) || told.type()
        .equals(SocketMessage.NOTICE);
    }
  }
}
