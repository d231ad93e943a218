package io.anteroom.trial.nemesis;

import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.history.FaultEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nemesis: injects one fault after the other; the next comes when the places are in full use again. */
public final class FaultSchedule {
  private static final Logger log = LoggerFactory.getLogger(FaultSchedule.class);
  private static final Duration FULL_USE_AGAIN = Duration.ofSeconds(45);
  private static final Duration STEADY = Duration.ofMillis(2_500);
  private static final Duration DIP = Duration.ofMillis(1_500);
  private static final long POLL_MILLIS = 25;

  private final FaultContext context;
  private final RunLedger ledger;
  private final FaultPlan plan;
  private final long end;
  private final List<FaultEvent> events = new ArrayList<>();

  public FaultSchedule(FaultContext context, FaultPlan plan) {
    this.context = context;
    this.plan = plan;
    this.ledger = context.cluster().ledger();
    this.end = ledger.now() + context.settings().length().toNanos();
  }

  public List<FaultEvent> run() throws InterruptedException {
    awaitFullUse();
    long third = end - context.settings().length().toNanos() * 2 / 3;
    while (ledger.now() < end) {
      if (context.settings().isLong() && ledger.now() > third) {
        context.spareFirstNode();
      }
      events.add(inject(plan.next(context)));
    }
    return events;
  }

  private FaultEvent inject(Fault fault) throws InterruptedException {
    long began = ledger.now();
    String victim = fault.inject(context);
    long healed = ledger.now();
    awaitFullUse();
    FaultEvent event = new FaultEvent(fault, victim, began, healed, ledger.now());
    log.info("Fault: kind={} victim={} lasted_ms={} watched_ms={}", fault.word(), victim, (healed - began) / 1_000_000,
      (event.until() - healed) / 1_000_000);
    return event;
  }

  /** Until the places have been in full use for a while, with no more than a moment between two runs. */
  private void awaitFullUse() throws InterruptedException {
    long start = ledger.now();
    long since = start;
    long full = start;
    while (full - since < STEADY.toNanos() && ledger.now() - start < FULL_USE_AGAIN.toNanos()) {
      Thread.sleep(POLL_MILLIS);
      long now = ledger.now();
      if (now - full > DIP.toNanos()) {
        since = now;
        full = now;
      }
      full = ledger.runningNow() >= TrialSettings.LIMIT ? now : full;
    }
  }
}
