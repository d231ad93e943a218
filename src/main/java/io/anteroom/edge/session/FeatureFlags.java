package io.anteroom.edge.session;

import io.anteroom.bus.SessionServices.Left;

/**
 * Negotiates the feature flags of browser and instance. Each browser gets an answer when it connects; the instance gets
 * the flags once for each of our sockets.
 */
final class FeatureFlags {
  private static final int MAX_SIZE = 16 << 10;

  private final BrowserGroup browsers;
  private String ofBrowser = "";
  private String ofInstance = "";

  FeatureFlags(BrowserGroup browsers) {
    this.browsers = browsers;
  }

  /** The browser's message; empty when there was none. */
  String ofBrowser() {
    return ofBrowser;
  }

  String ofInstance() {
    return ofInstance;
  }

  /** True for a browser's flags: they are stored, and answered as soon as the instance's are known. */
  boolean accept(BrowserSocket browser, WebSocketMessage message) {
    if (!browser.isFlags(message) || message.size() > MAX_SIZE) {
      return false;
    }
    ofBrowser = message.text();
    if (ofInstance.isEmpty()) {
      browser.awaitFlags();
    } else {
      browser.send(WebSocketMessage.text(ofInstance));
    }
    return true;
  }

  /** The instance's answer; goes to all browsers when it differs from the last one. */
  void answered(WebSocketMessage message) {
    String before = ofInstance;
    boolean isKept = message.size() <= MAX_SIZE;
    if (isKept) {
      ofInstance = message.text();
    }
    browsers.sendFlags(message, !isKept || !before.isEmpty() && !before.equals(ofInstance));
  }

  /** Takes over the flags from another node. */
  void takeOver(Left left) {
    ofBrowser = ofBrowser.isEmpty() ? left.flags() : ofBrowser;
    if (ofInstance.isEmpty() && !left.serverFlags().isEmpty()) {
      answered(WebSocketMessage.text(left.serverFlags()));
    }
  }
}
