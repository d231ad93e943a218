package io.anteroom.api;

import io.anteroom.config.Settings;
import io.anteroom.config.tls.Trust;
import java.time.Duration;

/**
 * How long a submit is held back for the sake of a better answer: the page waits meanwhile, and gives up in the end.
 *
 * @param connect  until an instance has taken a connection
 * @param trust    for instances with {@code https://}
 * @param instance until an instance has said which nodes it has
 * @param word     until a workflow has been judged in all; later it is judged when its turn has come
 * @param start    for the good news that the task runs already
 */
public record Patience(Duration connect, Trust trust, Duration instance, Duration word, Duration start) {

  /** Of instances whose authority Java knows. */
  public Patience(Duration connect, Duration instance, Duration word, Duration start) {
    this(connect, Trust.USUAL, instance, word, start);
  }

  /** What a page bears. */
  static Patience ofPages(Settings.Instances instances) {
    return new Patience(instances.connectTimeout(), instances.trust(), Duration.ofSeconds(2), Duration.ofSeconds(4),
      Duration.ofMillis(300));
  }
}
