package io.anteroom.simulator.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.ext.web.RoutingContext;

/** The file of a multipart form, read as a stream; a file too large to be kept is read and dropped. */
final class MultipartUpload {

  private static final int MAX_KEPT = 16 * 1024 * 1024;

  private final String partName;
  private final Buffer content = Buffer.buffer();
  private String name;
  private boolean isTooLarge;

  private MultipartUpload(String partName) {
    this.partName = partName;
  }

  /** Reads the form, then calls the handler; the request has the form's other fields. */
  static void read(RoutingContext ctx, String partName, Receiver receiver) {
    if (SimulatorRoutes.isTooLarge(ctx)) {
      ctx.fail(413);
      return;
    }
    MultipartUpload upload = new MultipartUpload(partName);
    ctx.request().setExpectMultipart(true)
      .uploadHandler(upload::receive)
      .endHandler(end -> receiver.receive(ctx, upload))
      .exceptionHandler(ctx::fail);
  }

  /** Handles a complete upload. */
  @FunctionalInterface
  interface Receiver {

    void receive(RoutingContext ctx, MultipartUpload upload);
  }

  /** The client's file name; null if the form has no such part. */
  String name() {
    return name;
  }

  Buffer content() {
    return content;
  }

  boolean isTooLarge() {
    return isTooLarge;
  }

  private void receive(HttpServerFileUpload part) {
    if (!part.name().equals(partName)) {
      part.handler(ignored -> { });
      return;
    }
    name = part.filename();
    part.handler(this::append);
  }

  private void append(Buffer piece) {
    isTooLarge |= content.length() + piece.length() > MAX_KEPT;
    if (!isTooLarge) {
      content.appendBuffer(piece);
    }
  }
}
