package io.anteroom.redis.model;

import io.anteroom.redis.LuaScript;
import java.util.Arrays;
import java.util.Optional;

/** Which verb of the queue a request to Redis is, for who only sees the line. */
public final class ScriptVerbs {
  private ScriptVerbs() {
  }

  /** The verb of this script, given by its text or by its sum. */
  public static Optional<String> of(String script) {
    return Arrays.stream(LuaScript.values())
      .filter(known -> known.sha().equals(script) || known.text().equals(script))
      .map(LuaScript::verb)
      .findFirst();
  }
}
