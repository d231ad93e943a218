package io.anteroom.comfy;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of ComfyUI, as far as it decides how something is answered. */
public record Release(int major, int minor, int patch) implements Comparable<Release> {
  private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:[^0-9].*)?");
  private static final Comparator<Release> ORDER =
    Comparator.comparingInt(Release::major).thenComparingInt(Release::minor).thenComparingInt(Release::patch);

  /** Of a text such as {@code 0.3.64}; empty when it is none. */
  public static Optional<Release> of(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
      ? Optional.of(new Release(part(form, 1), part(form, 2), part(form, 3))) : Optional.empty();
  }

  private static int part(Matcher form, int group) {
    return Integer.parseInt(form.group(group));
  }

  @Override
  public int compareTo(Release other) {
    return ORDER.compare(this, other);
  }
}
