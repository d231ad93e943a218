package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import java.time.Duration;

/**
 * Something that a verticle answers.
 *
 * @param patience how long the one who asks waits for the answer
 */
public record Service<Q, A>(String address, Codec<Q> question, Codec<A> answer, Duration patience) {
  private static final Duration USUAL = Duration.ofSeconds(10);

  Service(String address, Codec<Q> question, Codec<A> answer) {
    this(address, question, answer, USUAL);
  }
}
