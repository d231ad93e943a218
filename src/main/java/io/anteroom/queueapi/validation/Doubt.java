package io.anteroom.queueapi.validation;

/** Thrown where it is not certain what an instance would say: then nothing is said in its place. */
final class Doubt extends RuntimeException {
  Doubt() {
    super("what the instance would say is not certain", null, false, false);
  }

  static <T> T raise() {
    throw new Doubt();
  }
}
