package io.anteroom.net;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A range of ports, such as {@code 8201-8260}. */
public record PortRange(int first, int last) {
  public static final PortRange EMPTY = new PortRange(1, 0);
  /** Every node listens on each of them. */
  private static final int MAX_PORTS = 2000;
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\s*-\\s*(\\d{1,5})");

  /** Parses a range; empty if it is reversed, has more than 2000 ports, or a port that does not exist. */
  public static Optional<PortRange> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
      ? Optional.of(new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        .filter(range -> range.first > 0 && range.last <= MAX_PORT && range.size() > 0 && range.size() <= MAX_PORTS)
      : Optional.empty();
  }

  public int size() {
    return last - first + 1;
  }

  public IntStream all() {
    return IntStream.rangeClosed(first, last);
  }

  public boolean contains(int port) {
    return port >= first && port <= last;
  }

  @Override
  public String toString() {
    return size() == 0 ? "none" : first + "-" + last;
  }
}
