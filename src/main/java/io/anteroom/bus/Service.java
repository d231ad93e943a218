package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import java.time.Duration;

/**
 * A request on the event bus and its reply. A verticle serves it at the address; several may serve the same one.
 *
 * @param timeout how long the requester waits for the reply; then the request fails
 */
public record Service<Q, A>(String address, Codec<Q> request, Codec<A> reply, Duration timeout) {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  Service(String address, Codec<Q> request, Codec<A> reply) {
    this(address, request, reply, DEFAULT_TIMEOUT);
  }
}
