package io.anteroom.trial.checker;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.history.FaultEvent;
import io.anteroom.trial.history.TrialHistory;
import io.anteroom.trial.nemesis.Fault.Reach;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that is known when a trial is over.
 *
 * @param history what the students sent and received
 * @param runs   what the instances really ran
 * @param reported the end that each node reports of each acknowledged task
 * @param faults what the nemesis injected, in order
 * @param audits what was found wrong in the store, while the trial went on and when it was over
 * @param machine how late this machine may have been on top of every promised time
 * @param owners whose each task is, by the store, of those that are in no history
 */
public record Evidence(TrialHistory history, List<Run> runs, Map<String, List<ReportedOutcome>> reported,
    List<FaultEvent> faults, Audits audits, Duration machine, Function<String, String> owners) {

  /**
   * What the checks found: how many there were, how many found no store, all that was wrong in it, the instances that
   * had more prompts than slots, and what was left in the store in the end.
   */
  record Audits(int checks, int misses, List<String> wrong, List<String> overfull, List<String> left) {
  }

  /** The runs of each task, the first one first. */
  Map<String, List<Run>> runsByTask() {
    return runs.stream().sorted(Comparator.comparingLong(Run::begin))
      .collect(Collectors.groupingBy(Run::promptId, TreeMap::new, Collectors.toList()));
  }

  /** How many ms of the ledger's clock had gone by at this time, in ms of the wall clock. */
  long onLedgerClock(long wallMillis) {
    return wallMillis + runs.stream().mapToLong(run -> run.begin() / 1_000_000 - run.beganAt()).min().orElse(0);
  }

  /**
   * How many ms of a span no node could have known or written how a run at this instance ended: while the store or
   * every node was away, and one lease after the store was back; while the instance did not answer.
   *
   * @param from in ms of the ledger's clock, as {@code to}
   */
  long excused(String instance, long from, long to) {
    return faults.stream().filter(fault -> fault.reaches(instance)).mapToLong(fault -> {
      long more = fault.fault().reach() == Reach.ALL ? TrialSettings.LEASE.toMillis() : 0;
      return Math.max(0, Math.min(to, fault.healed() / 1_000_000 + more) - Math.max(from, fault.began() / 1_000_000));
    }).sum();
  }

  /** The reported end of a task, if there is one. */
  Optional<ReportedOutcome> end(String task) {
    return reported.getOrDefault(task, List.of()).stream().filter(ReportedOutcome::isFinal).findFirst();
  }

  /** Whose a task is; empty when it is unknown. */
  String ownerOf(String task) {
    return history.of(task).map(event -> event.user).orElseGet(() -> owners.apply(task));
  }
}
