package io.anteroom.api;

import io.anteroom.config.Settings;
import java.time.Duration;

/**
 * How long a submit is held back for the sake of a better answer: the page waits meanwhile, and gives up in the end.
 *
 * @param connect  until an instance has taken a connection
 * @param instance until an instance has said which nodes it has; nobody waits for it
 * @param word     until an instance has confirmed what it objects to; later it says so when the turn has come
 * @param start    until an instance that is free has accepted or refused the run
 */
public record Patience(Duration connect, Duration instance, Duration word, Duration start) {

  /** What a page bears. */
  static Patience ofPages(Settings.Instances instances) {
    return new Patience(instances.connectTimeout(), Duration.ofSeconds(30), Duration.ofSeconds(1),
      Duration.ofSeconds(4));
  }
}
