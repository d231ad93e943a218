package io.anteroom.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;

/** Scenarios after each of which everything in the queue fits together. */
public abstract class AuditedScenarios extends QueueScenarios {
  private static final int MOST_PLACES = 10;

  @AfterEach
  void everythingFitsTogether() {
    assertThat(new QueueAudit(lab.redis, MOST_PLACES, 1).wrong()).isEmpty();
  }
}
