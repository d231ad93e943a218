package io.anteroom.bus;

import io.anteroom.task.Refusal;
import io.vertx.core.json.JsonObject;

/** A refusal on the bus: {@code {"code","en","zh","details","report"}}. */
final class RefusalJson {
  private RefusalJson() {
  }

  static JsonObject write(Refusal refusal) {
    return new JsonObject()
      .put("code", refusal.code().name())
      .put("en", refusal.english())
      .put("zh", refusal.chinese())
      .put("details", refusal.details())
      .put("report", refusal.report());
  }

  static Refusal read(JsonObject json) {
    return Refusal.of(Refusal.Code.valueOf(json.getString("code")), json.getString("en"), json.getString("zh"))
      .details(json.getString("details")).report(json.getString("report", ""));
  }
}
