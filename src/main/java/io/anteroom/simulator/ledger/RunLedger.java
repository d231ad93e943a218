package io.anteroom.simulator.ledger;

import io.anteroom.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records what really ran, on which instance, when, and how it ended, to verify the limit. All instances of a
 * {@link Simulator} write to one ledger; it keeps the last 200,000 runs and is thread-safe.
 */
public final class RunLedger {

  private static final int MAX_RUNS = 200_000;

  private final Clock clock;
  private final long origin = System.nanoTime();
  private final Map<Long, Run> runs = new LinkedHashMap<>();
  private long serial;

  public RunLedger(Clock clock) {
    this.clock = clock;
  }

  /** The ledger of another process, from its {@code GET /sim/ledger}. */
  public static RunLedger fromJson(JsonObject json) {
    RunLedger ledger = new RunLedger(Clock.systemUTC());
    for (Object run : json.getJsonArray("runs")) {
      ledger.runs.put(ledger.serial++, Run.fromJson((JsonObject) run));
    }
    return ledger;
  }

  /** Records the begin of a run; returns its number for {@link #end}. */
  public synchronized long begin(String instance, String promptId, Object client, JsonObject anteroom) {
    if (runs.size() >= MAX_RUNS) {
      runs.remove(runs.keySet().iterator().next());
    }
    runs.put(++serial, new Run(instance, promptId, client == null ? null : client.toString(),
      textOrNull(anteroom.getValue("task")),
      anteroom.getValue("attempt") instanceof Number attempt ? attempt.intValue() : null,
      now(), clock.millis(), OptionalLong.empty(), Run.Outcome.RUNNING));
    return serial;
  }

  /** Records the end of a run; later ones are ignored. */
  public synchronized void end(long number, Run.Outcome how) {
    runs.computeIfPresent(number, (same, run) -> run.isOver() ? run : run.ended(now(), how));
  }

  public synchronized List<Run> runs() {
    return List.copyOf(runs.values());
  }

  public List<Run> runsOf(String promptId) {
    return runs().stream().filter(run -> run.promptId().equals(promptId)).toList();
  }

  public List<Run> runsOn(String instance) {
    return runs().stream().filter(run -> run.instance().equals(instance)).toList();
  }

  public boolean hasStarted(String promptId) {
    return !runsOf(promptId).isEmpty();
  }

  public boolean hasEnded(String promptId) {
    return runsOf(promptId).stream().anyMatch(Run::isOver);
  }

  /** The number of current runs. */
  public int runningNow() {
    return (int) runs().stream().filter(run -> !run.isOver()).count();
  }

  /** The maximum number of concurrent runs over all instances. */
  public int mostAtOnce() {
    return concurrency().most();
  }

  public int mostAtOnceOn(String instance) {
    return Concurrency.of(runsOn(instance), now()).most();
  }

  /** The ids that ran more than once. */
  public Set<String> ranTwice() {
    Map<String, Long> counts = runs().stream()
      .collect(Collectors.groupingBy(Run::promptId, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
      .filter(entry -> entry.getValue() > 1)
      .map(Map.Entry::getKey)
      .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The number of concurrent runs over time, until now. */
  public Concurrency concurrency() {
    return Concurrency.of(runs(), now());
  }

  /** Nanoseconds on this ledger's clock, for {@link #concurrency()}. */
  public long now() {
    return System.nanoTime() - origin;
  }

  public JsonObject toJson() {
    Collection<JsonObject> all = new ArrayList<>();
    runs().forEach(run -> all.add(run.toJson()));
    return new JsonObject()
      .put("now_ns", now())
      .put("most_at_once", mostAtOnce())
      .put("running_now", runningNow())
      .put("ran_twice", new JsonArray(List.copyOf(ranTwice())))
      .put("runs", new JsonArray(List.copyOf(all)));
  }

  private static String textOrNull(Object value) {
    return value == null ? null : value.toString();
  }

  /**
   * One execution of one prompt on one instance, as it happened. {@code begin} and {@code end} are nanoseconds on the
   * ledger's own monotonic clock; {@code beganAt} is the wall clock in milliseconds, to compare ledgers of several
   * processes. {@code task} and {@code attempt} come from the prompt's {@code extra_data.anteroom}, or are null.
   */
  public record Run(
      String instance, String promptId, String clientId, String task, Integer attempt,
      long begin, long beganAt, OptionalLong end, Outcome outcome) {

    /** How a run ended. */
    public enum Outcome {
      RUNNING, SUCCESS, ERROR, INTERRUPTED, KILLED;

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    public boolean isOver() {
      return end.isPresent();
    }

    /** Nanoseconds from begin to end, or to {@code now} while it runs. */
    public long lasted(long now) {
      return end.orElse(now) - begin;
    }

    Run ended(long at, Outcome how) {
      return new Run(instance, promptId, clientId, task, attempt, begin, beganAt, OptionalLong.of(at), how);
    }

    JsonObject toJson() {
      return new JsonObject()
        .put("instance", instance)
        .put("prompt_id", promptId)
        .put("client_id", clientId)
        .put("task", task)
        .put("attempt", attempt)
        .put("begin_ns", begin)
        .put("began_at", beganAt)
        .put("end_ns", end.isPresent() ? end.getAsLong() : null)
        .put("outcome", outcome.toString());
    }

    static Run fromJson(JsonObject json) {
      Long end = json.getLong("end_ns");
      return new Run(json.getString("instance"), json.getString("prompt_id"), json.getString("client_id"),
        json.getString("task"), json.getInteger("attempt"), json.getLong("begin_ns"), json.getLong("began_at"),
        end == null ? OptionalLong.empty() : OptionalLong.of(end),
        Outcome.valueOf(json.getString("outcome").toUpperCase(Locale.ROOT)));
    }
  }
}
