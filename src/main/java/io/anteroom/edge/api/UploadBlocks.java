package io.anteroom.edge.api;

import io.anteroom.bus.Bus;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.BlockOf;
import io.anteroom.bus.SubmissionServices.Upload;
import io.anteroom.edge.admission.BodyReader.ReceivedBody;
import io.anteroom.edge.http.EdgeErrors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Serves large bodies block by block over the bus, as the queue reads them (backpressure): neither the queue nor the
 * bus ever holds one as a whole. Belongs to one verticle, and is used on its event loop only.
 */
public final class UploadBlocks {
  private final String owner = UUID.randomUUID().toString();
  private final Map<String, ReceivedBody> bodies = new HashMap<>();
  private final Bus.Registration registration;

  public UploadBlocks(Bus bus) {
    registration = bus.serve(SubmissionServices.block(owner), this::block);
  }

  /** Holds a body until {@code use} is done with it. */
  <T> Future<T> with(ReceivedBody body, Function<Upload, Future<T>> use) {
    String id = UUID.randomUUID().toString();
    bodies.put(id, body);
    return use.apply(new Upload(owner, id, body.length())).onComplete(done -> bodies.remove(id));
  }

  public Future<Void> close() {
    return registration.unregister();
  }

  private Future<Buffer> block(BlockOf wanted) {
    ReceivedBody body = bodies.get(wanted.id());
    return body == null ? Future.failedFuture(EdgeErrors.bodyBroken())
      : Future.succeededFuture(body.block(wanted.index()));
  }
}
