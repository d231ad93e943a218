package io.anteroom.trial.checker;

import io.anteroom.redis.QueueAudit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Looks into the store and at the instances every second during a trial; what is wrong at a look counts once. */
public final class Auditor {
  private static final int ENOUGH = 100;

  private final QueueAudit audit;
  private final Supplier<List<String>> crowdedNow;
  private final Set<String> wrong = new LinkedHashSet<>();
  private final Set<String> crowded = new LinkedHashSet<>();
  private int looks;
  private int misses;

  /** @param crowdedNow the instances that have more prompts than slots, each in a sentence */
  public Auditor(QueueAudit audit, Supplier<List<String>> crowdedNow) {
    this.audit = audit;
    this.crowdedNow = crowdedNow;
  }

  /** A store that is away has nothing to show. */
  public synchronized void look() {
    crowded.addAll(crowdedNow.get());
    try {
      List<String> now = audit.wrong();
      looks++;
      if (wrong.size() < ENOUGH) {
        wrong.addAll(now);
      }
    } catch (Exception | AssertionError storeIsAway) {
      misses++;
    }
  }

  public synchronized Evidence.Audits sum() {
    return new Evidence.Audits(looks, misses, new ArrayList<>(wrong), new ArrayList<>(crowded), audit.leftovers());
  }
}
