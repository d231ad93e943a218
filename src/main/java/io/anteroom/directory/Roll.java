package io.anteroom.directory;

import java.text.CollationKey;
import java.text.Collator;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order in which people look for a name: group by group, as a Chinese dictionary has it, which puts Latin letters
 * first; numbers by their value, so that {@code class-2} comes before {@code class-10}.
 */
final class Roll {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int DIGITS = 12;
  private static final Comparator<Line> ORDER = Comparator.comparing(Line::group)
    .thenComparing(line -> line.user().group())
    .thenComparing(Line::name)
    .thenComparing(line -> line.user().name());

  private Roll() {
  }

  private record Line(User user, CollationKey group, CollationKey name) {
  }

  static List<User> of(Stream<User> users) {
    Collator collator = Collator.getInstance(Locale.CHINA);
    return users.map(user -> new Line(user, key(collator, user.group()), key(collator, user.displayName())))
      .sorted(ORDER).map(Line::user).toList();
  }

  private static CollationKey key(Collator collator, String text) {
    return collator.getCollationKey(NUMBER.matcher(UserName.folded(text))
      .replaceAll(number -> "0".repeat(Math.max(0, DIGITS - number.group().length())) + number.group()));
  }
}
