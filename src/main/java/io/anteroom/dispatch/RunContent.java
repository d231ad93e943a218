package io.anteroom.dispatch;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.queue.Payload;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** A large request on its way from the store to its instance: one part of it is in memory at a time. */
final class RunContent implements HttpExchange.Content {
  private final Payload body;
  private final Buffer end;

  RunContent(RunRequest request, int attempt) {
    this.body = request.body();
    this.end = Buffer.buffer(PromptRequest.end(request.secrets(), attempt));
  }

  @Override
  public long length() {
    return body.length() + end.length();
  }

  @Override
  public Future<Void> writeTo(Function<Buffer, Future<Void>> out) {
    return Payload.inTurn(0, body.parts(), index -> body.part(index).compose(out)).compose(sent -> out.apply(end));
  }
}
