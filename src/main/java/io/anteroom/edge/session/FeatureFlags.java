package io.anteroom.edge.session;

import io.anteroom.bus.SessionServices.Left;

/**
 * What browser and instance have told each other of what they can do. A browser is answered each time it comes; the
 * instance is told once for each of our sockets.
 */
final class FeatureFlags {
  private static final int LARGEST = 16 << 10;

  private final BrowserGroup audience;
  private String ofBrowser = "";
  private String ofInstance = "";

  FeatureFlags(BrowserGroup audience) {
    this.audience = audience;
  }

  /** The browser's message; empty when there was none. */
  String ofBrowser() {
    return ofBrowser;
  }

  String ofInstance() {
    return ofInstance;
  }

  /** Whether these are a browser's flags; then they are noted, and answered as soon as the instance's are known. */
  boolean note(BrowserSocket browser, WebSocketMessage said) {
    if (!browser.isFlags(said) || said.size() > LARGEST) {
      return false;
    }
    ofBrowser = said.text();
    if (ofInstance.isEmpty()) {
      browser.awaitFlags();
    } else {
      browser.tell(WebSocketMessage.text(ofInstance));
    }
    return true;
  }

  /** The instance's answer: news for everybody when it is another than before. */
  void answered(WebSocketMessage said) {
    String before = ofInstance;
    boolean isKept = said.size() <= LARGEST;
    if (isKept) {
      ofInstance = said.text();
    }
    audience.tellFlags(said, !isKept || !before.isEmpty() && !before.equals(ofInstance));
  }

  /** Knows what another node knew. */
  void takeOver(Left left) {
    ofBrowser = ofBrowser.isEmpty() ? left.flags() : ofBrowser;
    if (ofInstance.isEmpty() && !left.serverFlags().isEmpty()) {
      answered(WebSocketMessage.text(left.serverFlags()));
    }
  }
}
