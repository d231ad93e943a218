package io.anteroom.trial;

import io.anteroom.queue.redis.QueueAudit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks into the store every second while a trial goes on; what is wrong at a look counts once. */
final class Auditor {
  private static final int ENOUGH = 100;

  private final QueueAudit audit;
  private final Set<String> wrong = new LinkedHashSet<>();
  private int looks;
  private int misses;

  Auditor(QueueAudit audit) {
    this.audit = audit;
  }

  /** A store that is away has nothing to show. */
  synchronized void look() {
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

  synchronized Evidence.Audits sum() {
    return new Evidence.Audits(looks, misses, new ArrayList<>(wrong), audit.leftovers());
  }
}
