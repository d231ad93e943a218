package io.anteroom.api;

import io.anteroom.config.Settings;
import java.time.Duration;

/**
 * How long a submit is held back for the sake of a better answer: the page waits meanwhile, and gives up in the end.
 *
 * @param connect  until an instance has taken a connection
 * @param instance until an instance has said which nodes it has
 * @param word     until a workflow has been judged in all; later it is judged when its turn has come
 * @param start    for the good news that the task runs already
 */
public record Patience(Duration connect, Duration instance, Duration word, Duration start) {

  /** What a page bears. */
  static Patience ofPages(Settings.Instances instances) {
    return new Patience(instances.connectTimeout(), Duration.ofSeconds(2), Duration.ofSeconds(4),
      Duration.ofMillis(300));
  }
}
