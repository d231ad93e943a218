package io.anteroom.redis;

import static io.anteroom.redis.QueueFixture.room;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Scenarios on a real Redis, each from an empty queue with two places for the students of three instances. */
public abstract class QueueScenarios {
  public static QueueFixture lab;

  @BeforeAll
  static void open() {
    lab = new QueueFixture();
  }

  @AfterAll
  static void close() {
    lab.close();
  }

  @BeforeEach
  void twoPlacesForThree() {
    lab.opens(2, room("a1", 1), room("b1", 1), room("c1", 1));
  }
}
