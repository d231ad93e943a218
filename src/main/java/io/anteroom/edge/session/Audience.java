package io.anteroom.edge.session;

import io.anteroom.comfy.Shown;
import io.anteroom.comfy.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The browsers of one session, which all hear the same. */
final class Audience {
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
  void greet(List<Said> words) {
    List<Said> all = forTheNext(words);
    browsers.forEach(browser -> browser.greet(all));
    missed.forget();
  }

  /** These words, and what was told to nobody and must not be overlooked. */
  List<Said> forTheNext(List<Said> words) {
    List<Said> all = new ArrayList<>(words);
    all.addAll(missed.all());
    return all;
  }

  boolean isGreeted() {
    return browsers.stream().allMatch(BrowserSocket::isGreeted);
  }

  void tell(Said said) {
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
  void pass(Said said, Optional<Told> told) {
    if (told.isEmpty() && Shown.isPreview(said.content())) {
      browsers.forEach(browser -> browser.show(said));
      return;
    }
    if (told.filter(Told::turnsThePage).isPresent()) {
      browsers.forEach(BrowserSocket::turnThePage);
    }
    tell(said);
  }

  /** Tells the instance's flags: to all when they are news, else to who asked for them. */
  void tellFlags(Said flags, boolean news) {
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
}
