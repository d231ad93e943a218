package io.anteroom.doctor;

import io.anteroom.doctor.Report.Finding.Level;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The findings of the doctor, as text or JSON. */
public record Report(List<Finding> findings) {

  /** Whether there are no errors; warnings do not count. */
  public boolean isGood() {
    return count(Level.WRONG) == 0;
  }

  /** A line for each finding, with its remedy below. */
  public String table() {
    int width = findings.stream().mapToInt(finding -> finding.subject().length()).max().orElse(0);
    return findings.stream().map(finding -> rows(finding, width)).collect(Collectors.joining())
      + "%n%d ok, %d warnings, %d errors%n"
      .formatted(count(Level.OK), count(Level.WARNING), count(Level.WRONG));
  }

  public String json() {
    JsonArray all = new JsonArray();
    findings.forEach(finding -> all.add(new JsonObject()
      .put("level", finding.level().name().toLowerCase(Locale.ROOT))
      .put("subject", finding.subject()).put("text", finding.text()).put("remedy", finding.remedy())));
    return new JsonObject().put("ok", isGood()).put("findings", all).encodePrettily();
  }

  private static String rows(Finding finding, int width) {
    String subject = finding.subject() + " ".repeat(width - finding.subject().length());
    String found = "%s %s  %s%n".formatted(finding.level().mark(), subject, finding.text());
    return finding.remedy().isEmpty() ? found
      : found + " ".repeat(width + 4) + "→ " + finding.remedy() + System.lineSeparator();
  }

  private long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  /**
   * One result of a check.
   *
   * @param subject what was checked
   * @param text    the result
   * @param remedy  how to fix it; empty if nothing needs fixing
   */
  public record Finding(Level level, String subject, String text, String remedy) {

    /** The severity. */
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
}
