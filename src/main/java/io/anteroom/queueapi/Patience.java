package io.anteroom.queueapi;

import io.anteroom.config.Settings;
import io.anteroom.config.tls.Trust;
import java.time.Duration;

/**
 * How long a submit is held back for the sake of a better answer: the page waits meanwhile, and gives up in the end.
 *
 * @param connect  until an instance has taken a connection
 * @param trust    for instances with {@code https://}
 * @param instance until an instance has said which nodes it has; nobody waits for it
 * @param word     until an instance has confirmed what it objects to; later it says so when the turn has come
 * @param start    until an instance that is free has accepted or refused the run
 */
public record Patience(Duration connect, Trust trust, Duration instance, Duration word, Duration start) {

  /** Of instances whose authority Java knows. */
  public Patience(Duration connect, Duration instance, Duration word, Duration start) {
    this(connect, Trust.USUAL, instance, word, start);
  }

  /** What a page bears. */
  static Patience ofPages(Settings.Instances instances) {
    return new Patience(instances.connectTimeout(), instances.trust(), Duration.ofSeconds(30), Duration.ofSeconds(1),
      Duration.ofSeconds(4));
  }
}
