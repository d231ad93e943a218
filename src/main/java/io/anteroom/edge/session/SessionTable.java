package io.anteroom.edge.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Which sessions a node holds, whichever of its event loops they live on; safe to use from every one. */
public final class SessionTable {
  private final ConcurrentHashMap<String, Held> sessions = new ConcurrentHashMap<>();

  /** A session and the loop on which it lives. */
  record Held(Session session, Means means) {
  }

  Held find(String clientId, Function<String, Held> maker) {
    return sessions.computeIfAbsent(clientId, maker);
  }

  void remove(Held held) {
    sessions.remove(held.session().clientId(), held);
  }
}
