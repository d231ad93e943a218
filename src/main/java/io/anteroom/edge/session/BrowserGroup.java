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

/** Sends messages to all browsers of one session, and replays to the next one what none has received. */
final class BrowserGroup {
  private final List<BrowserSocket> browsers = new ArrayList<>(1);
  private final Replay replay = new Replay();
  private boolean hasHadBrowser;

  void add(BrowserSocket browser) {
    hasHadBrowser = true;
    browsers.add(browser);
  }

  boolean remove(BrowserSocket browser) {
    return browsers.remove(browser);
  }

  boolean isEmpty() {
    return browsers.isEmpty();
  }

  /** Whether there ever was a browser. */
  boolean hasHadBrowser() {
    return hasHadBrowser;
  }

  /** Greets those that were not greeted yet, and replays what none has received. */
  void greet(List<WebSocketMessage> messages) {
    List<WebSocketMessage> all = withReplay(messages);
    browsers.forEach(browser -> browser.greet(all));
    replay.clear();
  }

  /** These messages, followed by the ones to replay. */
  List<WebSocketMessage> withReplay(List<WebSocketMessage> messages) {
    List<WebSocketMessage> all = new ArrayList<>(messages);
    all.addAll(replay.all());
    return all;
  }

  boolean isGreeted() {
    return browsers.stream().allMatch(BrowserSocket::isGreeted);
  }

  void send(WebSocketMessage message) {
    if (isEmpty()) {
      replay.record(message);
    }
    browsers.forEach(browser -> browser.send(message));
  }

  /**
   * Forwards a message of an instance.
   *
   * @param event the parsed message; empty for a binary one
   */
  void forward(WebSocketMessage message, Optional<SocketMessage> event) {
    if (event.isEmpty() && Binary.isPreview(message.content())) {
      browsers.forEach(browser -> browser.showPreview(message));
      return;
    }
    if (event.filter(SocketMessage::turnsThePage).isPresent()) {
      browsers.forEach(BrowserSocket::dropPreview);
    }
    send(message);
  }

  /** Sends the instance's flags to all browsers when they have changed, else to those that wait for them. */
  void sendFlags(WebSocketMessage flags, boolean changed) {
    browsers.forEach(browser -> {
      if (browser.isOwedFlags() || changed) {
        browser.send(flags);
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

  /** Notifies the browsers of a session of lost messages; repeated losses are counted and sent once in 10 s. */
  static final class Losses {
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(10);

    private final SessionContext context;
    private final BrowserGroup browsers;
    /** Losses since the last notice, by kind and instance. */
    private final Map<String, Integer> unreported = new HashMap<>(1);

    Losses(SessionContext context, BrowserGroup browsers) {
      this.context = context;
      this.browsers = browsers;
    }

    void report(Loss loss, String instance) {
      String key = loss + " " + instance;
      if (unreported.computeIfPresent(key, (same, count) -> count + 1) == null) {
        unreported.put(key, 0);
        sendNotice(loss, instance, 1);
        context.vertx().setTimer(COUNT_INTERVAL.toMillis(), over -> reportCount(key, loss, instance));
      }
    }

    private void reportCount(String key, Loss loss, String instance) {
      int count = unreported.remove(key);
      if (count > 0) {
        sendNotice(loss, instance, count);
      }
    }

    private void sendNotice(Loss loss, String instance, int count) {
      browsers.send(WebSocketMessage.text(ComfyMessages.lost(loss, instance, count)));
    }
  }

  /**
   * Keeps the final messages of runs that ended while no browser was connected, for the next one; the latest few of
   * them, and how many more there were.
   */
  static final class Replay {
    private static final int MAX_MESSAGES = 32;
    private static final int MAX_SIZE = 64 << 10;

    private final Deque<WebSocketMessage> messages = new ArrayDeque<>(0);
    private int lost;

    /** Keeps a message that a page must not miss; all others are covered by the current state. */
    void record(WebSocketMessage message) {
      if (!message.isText() || !isFinal(message.content())) {
        return;
      }
      if (message.size() > MAX_SIZE) {
        lost++;
        return;
      }
      messages.add(message);
      if (messages.size() > MAX_MESSAGES) {
        messages.remove();
        lost++;
      }
    }

    /** All of them, oldest first. */
    List<WebSocketMessage> all() {
      List<WebSocketMessage> all = new ArrayList<>(messages);
      if (lost > 0) {
        all.add(WebSocketMessage.text(ComfyMessages.lost(Loss.MISSED, "", lost)));
      }
      return all;
    }

    void clear() {
      messages.clear();
      lost = 0;
    }

    private static boolean isFinal(Buffer content) {
      SocketMessage event = SocketMessage.of(content);
      return event.isVerdict() || event.endsRun() || event.type().equals(SocketMessage.EXECUTED)
        || event.type().equals(SocketMessage.NOTICE);
    }
  }
}
