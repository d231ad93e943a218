package io.anteroom.simulator.ledger;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * One execution of one prompt on one instance, as it really was. {@code begin} and {@code end} are nanoseconds on the
 * ledger's own monotonic clock; {@code beganAt} is the wall clock in milliseconds, to set ledgers of several processes
 * side by side. {@code task} and {@code attempt} are what the prompt's {@code extra_data.anteroom} said, or null.
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
