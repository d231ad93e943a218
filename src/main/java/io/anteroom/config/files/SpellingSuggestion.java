package io.anteroom.config.files;

import java.util.Collection;
import java.util.Comparator;

/** Suggests the known word nearest to a misspelled one (Levenshtein distance). */
public final class SpellingSuggestion {
  private SpellingSuggestion() {
  }

  /** The known word with the smallest edit distance. */
  public static String nearest(String word, Collection<String> known) {
    return known.stream()
      .min(Comparator.<String>comparingInt(other -> distance(word, other)).thenComparing(Comparator.naturalOrder()))
      .orElseThrow();
  }

  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= one.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int change = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(change, Math.min(row[column], row[column - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
