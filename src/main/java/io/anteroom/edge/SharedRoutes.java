package io.anteroom.edge;

import io.anteroom.edge.panel.Visit;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an instance that several students share must not tell or do for one of them: its logs show everybody's runs, and
 * freeing its memory slows down whoever runs next. Answered in ComfyUI's shapes, as if there were nothing.
 */
final class SharedRoutes implements InstancePart {
  private static final JsonObject NO_LOGS = new JsonObject().put("entries", new JsonArray())
    .put("size", new JsonObject().put("cols", 80).put("rows", 24));

  @Override
  public Optional<Supplier<Future<Void>>> find(HttpServerRequest request, Visit visit, RawUri uri) {
    return visit.shared() ? find(request, uri) : Optional.empty();
  }

  private static Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RawUri uri) {
    return switch (uri.meaning().replaceFirst("^/api(?=/)", "")) {
      case "/internal/logs" -> Optional.of(() -> Answers.json(request, 200, Buffer.buffer("\"\"")));
      case "/internal/logs/raw" -> Optional.of(() -> Answers.json(request, 200, NO_LOGS));
      case "/internal/logs/subscribe", "/free" -> Optional.of(() -> Answers.empty(request, 200));
      default -> Optional.empty();
    };
  }
}
