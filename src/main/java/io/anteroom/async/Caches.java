package io.anteroom.async;

import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Starts the builders of all bounded and expiring caches: Caffeine maintains each on the thread that uses it, so that
 * no thread of a pool enters, and every bound holds when a call returns.
 *
 * <p>Caffeine evicts by how often and how lately an entry was used (W-TinyLFU): a flood of keys that come once does
 * not push out those in use.
 */
public final class Caches {
  private Caches() {
  }

  public static Caffeine<Object, Object> builder() {
    return Caffeine.newBuilder().executor(Runnable::run);
  }
}
