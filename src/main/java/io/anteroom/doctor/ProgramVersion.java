package io.anteroom.doctor;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of ComfyUI, Redis or a library: major, minor and patch. Pre-releases count as the release. */
public record ProgramVersion(int major, int minor, int patch) {
  private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\.(\\d{1,6}))?.*");
  private static final Comparator<ProgramVersion> ORDER =
    Comparator.comparingInt(ProgramVersion::major).thenComparingInt(ProgramVersion::minor)
    .thenComparingInt(ProgramVersion::patch);

  /** Parses a text such as 0.3.64 or v6.2; an unreadable version sorts before every other. */
  public static ProgramVersion of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() ? new ProgramVersion(part(matcher, 1), part(matcher, 2), part(matcher, 3))
      : new ProgramVersion(0, 0, 0);
  }

  public boolean isBefore(ProgramVersion other) {
    return ORDER.compare(this, other) < 0;
  }

  @Override
  public String toString() {
    return "%d.%d.%d".formatted(major, minor, patch);
  }

  private static int part(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
  }
}
