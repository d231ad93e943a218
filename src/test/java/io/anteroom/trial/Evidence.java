package io.anteroom.trial;

import io.anteroom.simulator.Run;
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
record Evidence(Notes notes, List<Run> runs, Map<String, List<Told>> told, List<Occurrence> faults, Audits audits,
    Duration machine, Function<String, String> owners) {

  /** What the looks into the store found: how many there were, how many found no store, and all that was wrong. */
  record Audits(int looks, int misses, List<String> wrong, List<String> left) {
  }

  /** The runs of each task, the first one first. */
  Map<String, List<Run>> runsByTask() {
    return runs.stream().sorted(Comparator.comparingLong(Run::begin))
      .collect(Collectors.groupingBy(Run::promptId, TreeMap::new, Collectors.toList()));
  }

  /** The end that is told of a task, if one is. */
  Optional<Told> end(String task) {
    return told.getOrDefault(task, List.of()).stream().filter(Told::isFinal).findFirst();
  }

  /** Whose a task is; an empty text for one that nobody knows. */
  String ownerOf(String task) {
    return notes.of(task).map(note -> note.user).orElseGet(() -> owners.apply(task));
  }
}
