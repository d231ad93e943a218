package io.anteroom.doctor;

/**
 * One thing that the doctor found.
 *
 * @param subject what was looked at
 * @param text    what was found
 * @param remedy  what to do about it; empty when nothing needs doing
 */
public record Finding(Level level, String subject, String text, String remedy) {

  /** How bad it is. */
  public enum Level {
    OK("✓"),
    WARNING("!"),
    WRONG("✗");

    private final String mark;

    Level(String mark) {
      this.mark = mark;
    }

    String mark() {
      return mark;
    }
  }

  public static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, "");
  }

  static Finding warning(String subject, String text, String remedy) {
    return new Finding(Level.WARNING, subject, text, remedy);
  }

  public static Finding wrong(String subject, String text, String remedy) {
    return new Finding(Level.WRONG, subject, text, remedy);
  }
}
