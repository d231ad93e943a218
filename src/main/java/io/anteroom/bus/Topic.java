package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;

/** An event that is published to all subscribers. Any event may be lost, doubled or late. */
public record Topic<E>(String address, Codec<E> event) {
}
