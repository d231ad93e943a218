package io.anteroom.trial.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random choices that can be repeated: the same seed gives the same. */
public final class SeededRandom {
  private final Random random;

  public SeededRandom(long seed) {
    random = new Random(seed);
  }

  /** A number from 0 up to, and without, this one. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  public double between(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  public <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  public <T> List<T> shuffled(List<T> list) {
    List<T> deck = new ArrayList<>(list);
    Collections.shuffle(deck, random);
    return deck;
  }
}
