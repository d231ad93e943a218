package io.anteroom.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Makes damaged input out of sound input and has it read, for a while: a few seconds for each kind, or its share of
 * {@code -Dfuzz.minutes}. What it found is found again with {@code -Dfuzz.seed}, which every failure names.
 */
public final class Fuzz {
  /** How many kinds share the minutes. */
  private static final int KINDS = 9;
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration HANGS = Duration.ofSeconds(60);
  /** What breaks readers, whatever they read. */
  private static final List<String> SPICE = List.of("\0", "\r\n", "\r\n\r\n", "\"", "\\", "%", "%00", "%2e%2e/",
    "%c0%ae", "..", "/", "//", ";", ",", "=", ":", "{", "}", "[", "]", "-1", "1e999", "NaN", "null", "true", "0x",
    "\ufeff",
    "\ud83d",
    "猫", "\u202e", "\u2028", "'", "\\u0000", "\\ud800", "&a", "*a", "!!x", "<<", "chunked", "0",
    "99999999999999999999");

  private final String kind;
  private final Random random;
  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final List<byte[]> sound;

  /** Reads one input, and throws whatever it thinks wrong with what came of it. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  private Fuzz(String kind, List<String> sound) {
    this.kind = kind;
    this.random = new Random(seed);
    this.sound = sound.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Has {@code reader} read what is left of the sound inputs, until the time is over. */
  public static void run(String kind, List<String> sound, Reader reader) {
    new Fuzz(kind, sound).run(reader);
  }

  private void run(Reader reader) {
    long begin = System.nanoTime();
    long inputs = 0;
    for (; System.nanoTime() - begin < lasts().toNanos(); inputs++) {
      byte[] input = damaged();
      long before = System.nanoTime();
      try {
        reader.read(input);
      } catch (Exception | AssertionError | StackOverflowError failure) {
        throw new AssertionError(place(inputs, input), failure);
      }
      if (System.nanoTime() - before > HANGS.toNanos()) {
        throw new AssertionError("it hung: " + place(inputs, input));
      }
    }
    System.out.printf("fuzz: %s, %d inputs, seed %d%n", kind, inputs, seed);
  }

  private String place(long inputs, byte[] input) {
    return "%s, -Dfuzz.seed=%d, input %d: %s".formatted(kind, seed, inputs, shown(input));
  }

  private static Duration lasts() {
    String minutes = System.getProperty("fuzz.minutes");
    return minutes == null ? SHORT : Duration.ofMillis((long) (Double.parseDouble(minutes) * 60_000 / KINDS));
  }

  private byte[] damaged() {
    byte[] input = any();
    for (int i = random.nextInt(4); i >= 0; i--) {
      input = damaged(input);
    }
    return input;
  }

  private byte[] damaged(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 8));
    return switch (random.nextInt(6)) {
      case 0 -> joined(input, from, new byte[0], to);
      case 1 -> joined(input, to, Arrays.copyOfRange(input, from, to), to);
      case 2 -> joined(input, from, spice(), from);
      case 3 -> joined(input, from, spice(), to);
      case 4 -> joined(input, from, noise(to - from), to);
      default -> joined(input, from, any(), input.length);
    };
  }

  private static byte[] joined(byte[] input, int until, byte[] between, int from) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(input, 0, until);
    all.writeBytes(between);
    all.write(input, from, input.length - from);
    return all.toByteArray();
  }

  private byte[] any() {
    return sound.get(random.nextInt(sound.size()));
  }

  private byte[] spice() {
    String one = SPICE.get(random.nextInt(SPICE.size()));
    return one.repeat(random.nextInt(20) == 0 ? random.nextInt(2_000) : 1).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static String shown(byte[] input) {
    return input.length > 4_000 ? input.length + " bytes"
      : HexFormat.of().formatHex(input) + " = " + new String(input, StandardCharsets.UTF_8);
  }
}
