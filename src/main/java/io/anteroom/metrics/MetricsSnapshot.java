package io.anteroom.metrics;

import io.anteroom.bus.Addresses;
import io.anteroom.bus.Bus.Codec;
import io.anteroom.bus.Topic;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of a node, or their sum over the cluster, as published on {@code anteroom.metrics.node} and {@code
 * anteroom.metrics.cluster}.
 *
 * @param node   the node's name; {@code cluster} for the sum
 * @param at     unix milliseconds
 * @param values by name; the names and their meaning stand in {@code src/docs/metrics.md}
 */
public record MetricsSnapshot(String node, long at, Map<String, Long> values) {
  public static final Topic<MetricsSnapshot> NODE =
    new Topic<>(Addresses.METRICS_NODE, new Codec<>(MetricsSnapshot::toJson, MetricsSnapshot::fromJson));

  public static final Topic<MetricsSnapshot> CLUSTER =
    new Topic<>(Addresses.METRICS_CLUSTER, new Codec<>(MetricsSnapshot::toJson, MetricsSnapshot::fromJson));

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("node", node).put("at", at);
    values.forEach(json::put);
    return json;
  }

  static MetricsSnapshot fromJson(JsonObject json) {
    Map<String, Long> values = new TreeMap<>();
    json.fieldNames().stream()
      .filter(name -> json.getValue(name) instanceof Number && !name.equals("at"))
      .forEach(name -> values.put(name, json.getLong(name)));
    return new MetricsSnapshot(json.getString("node"), json.getLong("at"), values);
  }
}
