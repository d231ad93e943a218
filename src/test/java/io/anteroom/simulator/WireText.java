package io.anteroom.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes out of a message what may differ from one server to the next, and checks that it is there at all. */
final class WireText {

  private static final Set<String> TIMES =
    Set.of("timestamp", "create_time", "execution_start_time", "execution_end_time");
  private static final Set<String> DATES = Set.of("created_at", "updated_at", "last_access_time");
  private static final Set<String> SETS = Set.of("current_outputs", "executed");
  private static final Set<String> MEMORY = Set.of("ram_total", "ram_free", "vram_total", "vram_free",
    "torch_vram_total", "torch_vram_free");
  /** The recorded servers said this too, but it names the machine that they ran on. */
  private static final Set<String> TAKEN_OUT = Set.of("argv");

  private final Map<String, String> recordedIds = new LinkedHashMap<>();

  /** From now on the recorded id stands for this one, since the server made it up. */
  void learnId(String recorded, String ours) {
    recordedIds.put(recorded, ours);
  }

  /** What the recording says, with our ids in it. */
  String translated(String recorded) {
    String text = recorded;
    for (Map.Entry<String, String> id : recordedIds.entrySet()) {
      text = text.replace(id.getKey(), id.getValue());
    }
    return text;
  }

  /** One line of text that must be equal. */
  static String of(Object json) {
    return String.valueOf(plain("", json))
      .replaceAll("ComfyUI_temp_[a-z]{5}_", "ComfyUI_temp_-----_")
      .replaceAll("\"sid\":\"[0-9a-f]{32}\"", "\"sid\":\"--\"");
  }

  private static Object plain(String key, Object value) {
    if (TIMES.contains(key) || MEMORY.contains(key)) {
      return value instanceof Number number && number.longValue() > 0 ? 1 : value;
    }
    if (DATES.contains(key)) {
      return value instanceof String text && text.matches("[-0-9]{10}T[:0-9]{8}(\\.\\d+)?") ? "a time" : value;
    }
    if (key.equals("traceback") && value instanceof JsonArray lines) {
      return lines.stream().allMatch(line -> line.toString().startsWith("  File \"")) ? "a traceback" : value;
    }
    if (value instanceof JsonArray list) {
      List<Object> items = list.stream().map(item -> plain("", item)).toList();
      return new JsonArray(SETS.contains(key) ? items.stream().sorted().toList() : items);
    }
    if (value instanceof JsonObject map) {
      JsonObject copy = new JsonObject();
      map.fieldNames().stream().filter(field -> !TAKEN_OUT.contains(field))
        .forEach(field -> copy.put(field, plain(field, map.getValue(field))));
      return copy;
    }
    return value instanceof String text && text.startsWith("tensor(") ? "tensor" : value;
  }
}
