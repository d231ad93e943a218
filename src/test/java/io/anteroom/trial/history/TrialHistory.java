package io.anteroom.trial.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The history of a trial: the tasks that students invoked, and the ids of all tasks that they were ever shown. */
public final class TrialHistory {
  private final Map<String, HistoryEvent> tasks = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> shown = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final AtomicLong acknowledged = new AtomicLong();

  /** A student is about to send this. */
  public HistoryEvent invoke(HistoryEvent event) {
    tasks.put(event.task, event);
    return event;
  }

  /** It was answered 200. */
  public void acknowledge(HistoryEvent event) {
    event.acknowledged = acknowledged.incrementAndGet();
  }

  /** What came of sending it: 0 for no answer. */
  public void answered(HistoryEvent event, int status) {
    if (status == 200) {
      acknowledge(event);
    } else if (status == 0) {
      event.unanswered = true;
    } else {
      event.refused = true;
    }
  }

  /** A socket, a list or an answer showed this student a task. */
  public void shown(String user, String task) {
    shown.computeIfAbsent(user, first -> ConcurrentHashMap.newKeySet()).add(task);
  }

  /** Counts an operation of a student. */
  public void count(String what) {
    counts.computeIfAbsent(what, first -> new LongAdder()).increment();
  }

  public Map<String, LongAdder> counts() {
    return counts;
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
      .sorted(Comparator.comparingLong(event -> event.acknowledged)).toList();
  }
}
