package io.anteroom.trial.checker;

import io.anteroom.redis.QueueAudit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Checks the store and the instances every second during a trial; what is wrong at several checks counts once. */
public final class Auditor {
  private static final int MAX_REPORTED = 100;

  private final QueueAudit audit;
  private final Supplier<List<String>> overfullNow;
  private final Set<String> wrong = new LinkedHashSet<>();
  private final Set<String> overfull = new LinkedHashSet<>();
  private int checks;
  private int misses;

  /** @param crowdedNow the instances that have more prompts than slots, each in a sentence */
  public Auditor(QueueAudit audit, Supplier<List<String>> overfullNow) {
    this.audit = audit;
    this.overfullNow = overfullNow;
  }

  /** A store that is away cannot be checked. */
  public synchronized void check() {
    overfull.addAll(overfullNow.get());
    try {
      List<String> now = audit.wrong();
      checks++;
      if (wrong.size() < MAX_REPORTED) {
        wrong.addAll(now);
      }
    } catch (Exception | AssertionError storeIsAway) {
      misses++;
    }
  }

  public synchronized Evidence.Audits sum() {
    return new Evidence.Audits(checks, misses, new ArrayList<>(wrong), new ArrayList<>(overfull), audit.leftovers());
  }
}
