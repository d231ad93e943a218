package io.anteroom.frontend;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a page complains of and what it asks for, in words that are the same wherever the page is served. */
final class Noise {
  private final URI home;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<URI> requests = new CopyOnWriteArrayList<>();

  /** Listens to a page that lives below this address. */
  Noise(Page page, String home) {
    this.home = URI.create(home);
    page.onConsoleMessage(this::hear);
    page.onPageError(error -> complaints.add(firstLine(error)));
    page.onRequest(this::note);
    page.onWebSocket(socket -> requests.add(URI.create(socket.url().replaceFirst("^ws", "http"))));
  }

  /** Errors on the console, and those that nobody caught. */
  Set<String> complaints() {
    return new TreeSet<>(complaints);
  }

  /** Paths on the page's own server that are not below its home. */
  Set<String> astray() {
    Set<String> astray = new TreeSet<>();
    requests.stream().filter(uri -> home.getAuthority().equals(uri.getAuthority()))
      .map(URI::getRawPath)
      .filter(path -> !path.startsWith(home.getRawPath()))
      .forEach(astray::add);
    return astray;
  }

  private void hear(ConsoleMessage message) {
    if (message.type().equals("error")) {
      String where = message.text().startsWith("Failed to load resource") ? " " + message.location() : "";
      complaints.add(firstLine(message.text() + where));
    }
  }

  private void note(Request request) {
    if (request.url().startsWith("http")) {
      requests.add(URI.create(request.url()));
    }
  }

  private String firstLine(String text) {
    return text.lines().findFirst().orElse("").replace(home.toString(), "/")
      .replaceAll("http://" + home.getAuthority(), "")
      .replaceAll(":\\d+:\\d+$", "");
  }
}
