package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;

/** Something that happens, told to whoever listens; any telling may be lost, doubled or late. */
public record Topic<E>(String address, Codec<E> event) {
}
