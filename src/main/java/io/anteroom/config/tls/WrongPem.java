package io.anteroom.config.tls;

/** A PEM file that cannot be used; the message says what is wrong with it and what would be right. */
public final class WrongPem extends RuntimeException {
  WrongPem(String message) {
    super(message);
  }
}
