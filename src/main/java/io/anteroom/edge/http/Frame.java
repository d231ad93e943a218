package io.anteroom.edge.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What stands around the content of each page of our own; read once from the class path. */
public final class Frame {
  private static final String CONTENT = "<!-- content -->";
  private static final String FRAME = resource("frame.html");

  private Frame() {
  }

  /**
   * A whole page.
   *
   * @param title   plain text
   * @param content HTML
   */
  public static String around(String title, String content) {
    return FRAME.replace(CONTENT, "<h1>" + Pages.escaped(title) + "</h1>\n" + content);
  }

  /** A text that lies beside the frame. */
  public static String resource(String name) {
    try (InputStream in = Frame.class.getResourceAsStream("/edge/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("edge/" + name + " cannot be read from the class path", broken);
    }
  }
}
