package io.anteroom.injection;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** A page as an instance sent it, whole and not compressed. */
record Original(MultiMap headers, Buffer body) {
}
