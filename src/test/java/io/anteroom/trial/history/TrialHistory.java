package io.anteroom.trial.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all students noted: the tasks they wanted, and the ids of all tasks that anybody ever showed them. */
public final class TrialHistory {
  private final Map<String, HistoryEvent> tasks = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> shown = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> deeds = new ConcurrentHashMap<>();
  private final AtomicLong acknowledged = new AtomicLong();

  /** A student is about to send this. */
  public HistoryEvent wish(HistoryEvent note) {
    tasks.put(note.task, note);
    return note;
  }

  /** It was answered 200. */
  public void acknowledge(HistoryEvent note) {
    note.acknowledged = acknowledged.incrementAndGet();
  }

  /** What came of sending it: 0 for no answer. */
  public void answered(HistoryEvent note, int status) {
    if (status == 200) {
      acknowledge(note);
    } else if (status == 0) {
      note.unanswered = true;
    } else {
      note.refused = true;
    }
  }

  /** A socket, a list or an answer showed this student a task. */
  public void shown(String user, String task) {
    shown.computeIfAbsent(user, someone -> ConcurrentHashMap.newKeySet()).add(task);
  }

  /** A student did something once more. */
  public void count(String deed) {
    deeds.computeIfAbsent(deed, first -> new LongAdder()).increment();
  }

  public Map<String, LongAdder> deeds() {
    return deeds;
  }

  public Map<String, Set<String>> shown() {
    return shown;
  }

  public Optional<HistoryEvent> of(String task) {
    return Optional.ofNullable(tasks.get(task));
  }

  /** Those that were refused, whatever was tried. */
  public List<HistoryEvent> refused() {
    return tasks.values().stream().filter(HistoryEvent::isRefusedForGood).toList();
  }

  /** Those that were acknowledged, in this order. */
  public List<HistoryEvent> acknowledged() {
    return tasks.values().stream().filter(HistoryEvent::isAcknowledged)
      .sorted(Comparator.comparingLong(note -> note.acknowledged)).toList();
  }
}
