package io.anteroom.redis;

/**
 * What a Redis showed of itself when it was looked over; an empty text where it does not say.
 *
 * @param version         as 6.2.11
 * @param appendonly      {@code yes} when it keeps a file of what it is told
 * @param appendfsync     when that file is really on the disk: {@code always}, {@code everysec}, {@code no}
 * @param maxmemoryPolicy which keys it throws away when memory is short; {@code noeviction} for none
 * @param format          of our data in it
 */
public record RedisFacts(String version, String appendonly, String appendfsync, String maxmemoryPolicy, String format) {

  /** Whether this Anteroom can read its data. */
  public boolean isReadable() {
    return format.isEmpty() || RedisKeys.READABLE.contains(format);
  }
}
