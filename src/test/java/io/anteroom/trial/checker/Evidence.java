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
 * @param notes  what the students noted
 * @param runs   what the instances really ran
 * @param told   what each node says in the end of each acknowledged task
 * @param faults what happened, in order
 * @param audits what was found wrong in the store, while the trial went on and when it was over
 * @param machine how late this machine may have been on top of every promised time
 * @param owners whose each task is, by the store, of those that nobody noted
 */
public record Evidence(TrialHistory notes, List<Run> runs, Map<String, List<ReportedOutcome>> told,
  List<FaultEvent> faults, Audits audits,
    Duration machine, Function<String, String> owners) {

  /**
   * What the looks found: how many there were, how many found no store, all that was wrong in it, the instances that
   * had more prompts than slots, and what was left in the store in the end.
   */
  record Audits(int looks, int misses, List<String> wrong, List<String> crowded, List<String> left) {
  }

  /** The runs of each task, the first one first. */
  Map<String, List<Run>> runsByTask() {
    return runs.stream().sorted(Comparator.comparingLong(Run::begin))
      .collect(Collectors.groupingBy(Run::promptId, TreeMap::new, Collectors.toList()));
  }

  /** How many ms of the ledger's clock had gone by at this time, in ms of the wall clock. */
  long onTheLedgersClock(long wallMillis) {
    return wallMillis + runs.stream().mapToLong(run -> run.begin() / 1_000_000 - run.beganAt()).min().orElse(0);
  }

  /**
   * How many ms of a span nobody could have known or written what a run at this instance had come to: while the store
   * or every node was away, and one lease after the store was back; while the instance did not answer.
   *
   * @param from in ms of the ledger's clock, as {@code to}
   */
  long excused(String instance, long from, long to) {
    return faults.stream().filter(fault -> fault.reaches(instance)).mapToLong(fault -> {
      long more = fault.fault().reach() == Reach.EVERYBODY ? TrialSettings.LEASE.toMillis() : 0;
      return Math.max(0, Math.min(to, fault.healed() / 1_000_000 + more) - Math.max(from, fault.began() / 1_000_000));
    }).sum();
  }

  /** The end that is told of a task, if one is. */
  Optional<ReportedOutcome> end(String task) {
    return told.getOrDefault(task, List.of()).stream().filter(ReportedOutcome::isFinal).findFirst();
  }

  /** Whose a task is; an empty text for one that nobody knows. */
  String ownerOf(String task) {
    return notes.of(task).map(note -> note.user).orElseGet(() -> owners.apply(task));
  }
}
