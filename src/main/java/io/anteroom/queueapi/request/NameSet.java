package io.anteroom.queueapi.request;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The names of one JSON object, as 64-bit hashes: sixteen bytes per name, whatever its length. A collision, which does
 * not happen by chance, only makes a request be refused.
 */
final class NameSet {
  /** Secret, since clients could otherwise choose names that collide in the table (hash flooding). */
  private static final long SEED = new SecureRandom().nextLong();
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int FIRST_CAPACITY = 16;
  private static final int MAX_REUSED = 64;

  private long[] hashes = new long[FIRST_CAPACITY];
  private int size;

  /** Adds a name; false if it is already present. */
  boolean add(String name) {
    if (size * 2 >= hashes.length) {
      grow();
    }
    boolean isNew = put(hashes, hash(name));
    size += isNew ? 1 : 0;
    return isNew;
  }

  /** Clears the set, at a cost proportional to what was added; returns this. */
  NameSet cleared() {
    if (hashes.length > MAX_REUSED) {
      hashes = new long[FIRST_CAPACITY];
    } else if (size > 0) {
      Arrays.fill(hashes, 0);
    }
    size = 0;
    return this;
  }

  private void grow() {
    long[] larger = new long[hashes.length * 2];
    for (long hash : hashes) {
      if (hash != 0) {
        put(larger, hash);
      }
    }
    hashes = larger;
  }

  private static boolean put(long[] table, long hash) {
    int at = (int) hash & table.length - 1;
    while (table[at] != 0) {
      if (table[at] == hash) {
        return false;
      }
      at = at + 1 & table.length - 1;
    }
    table[at] = hash;
    return true;
  }

  private static long hash(String name) {
    long hash = SEED ^ name.length();
    for (int at = 0; at < name.length(); at++) {
      hash = (hash ^ name.charAt(at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    return hash == 0 ? 1 : hash;
  }
}
