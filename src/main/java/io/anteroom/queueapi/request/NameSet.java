package io.anteroom.queueapi.request;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The names of one JSON object, by 64 bits of each: it costs sixteen bytes a name, whatever its length. Two names that
 * are taken for one, which chance does not bring about, make a request be refused and nothing else.
 */
final class NameSet {
  /** Unknown to clients, who could choose names that all want one place in the table (hash flooding). */
  private static final long SEED = new SecureRandom().nextLong();
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int FIRST_CAPACITY = 16;
  private static final int LARGEST_REUSED = 64;

  private long[] hashes = new long[FIRST_CAPACITY];
  private int size;

  /** Adds a name; false when it is there already. */
  boolean add(String name) {
    if (size * 2 >= hashes.length) {
      grow();
    }
    boolean isNew = put(hashes, hash(name));
    size += isNew ? 1 : 0;
    return isNew;
  }

  /** Forgets all, at no greater cost than that of what was added; answers this. */
  NameSet cleared() {
    if (hashes.length > LARGEST_REUSED) {
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
