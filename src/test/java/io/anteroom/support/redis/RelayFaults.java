package io.anteroom.support.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What is wrong with a {@link RedisRelay} at the moment; read by all of its lines. */
final class RelayFaults {
  /** Any script's. */
  static final String ANY = "";

  private String verb = ANY;
  private int toLose;
  private int toCut;
  private int lost;
  private String heldVerb;
  private CountDownLatch held = new CountDownLatch(0);
  private CountDownLatch release = new CountDownLatch(0);
  private volatile Duration delay = Duration.ZERO;

  /** What becomes of an answer. */
  enum Fate { PASSES, LOST, CUT }

  synchronized void lose(String ofVerb, int count) {
    verb = ofVerb;
    toLose = count;
  }

  synchronized void cut(String ofVerb, int count) {
    verb = ofVerb;
    toCut = count;
  }

  synchronized Fate fateOf(String answered) {
    if (!verb.equals(ANY) && !verb.equals(answered) || toLose + toCut == 0) {
      return Fate.PASSES;
    }
    lost++;
    if (toLose > 0) {
      toLose--;
      return Fate.LOST;
    }
    toCut--;
    return Fate.CUT;
  }

  synchronized int lost() {
    return lost;
  }

  void delay(Duration each) {
    delay = each;
  }

  Duration delay() {
    return delay;
  }

  synchronized void hold(String ofVerb) {
    heldVerb = ofVerb;
    held = new CountDownLatch(1);
    release = new CountDownLatch(1);
  }

  /** Waits if an answer to this verb, the first of them, is to be held. */
  void mayHold(String answered) throws InterruptedException {
    CountDownLatch until;
    synchronized (this) {
      if (!answered.equals(heldVerb)) {
        return;
      }
      heldVerb = null;
      until = release;
      held.countDown();
    }
    until.await();
  }

  synchronized boolean holds() {
    return held.getCount() == 0 && release.getCount() > 0;
  }

  synchronized void release() {
    heldVerb = null;
    release.countDown();
  }

  void heal() {
    release();
    delay = Duration.ZERO;
    synchronized (this) {
      toLose = 0;
      toCut = 0;
    }
  }
}
