package io.anteroom.support;

import static io.anteroom.support.Awaited.done;

import io.anteroom.comfy.PromptRequest;
import io.anteroom.queue.Claim;
import io.anteroom.queue.Payload;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queue.TaskQueue.RunRequest;
import io.vertx.core.buffer.Buffer;

/** Requests of tasks as the texts that they are. */
public final class Payloads {
  private Payloads() {
  }

  public static String text(Payload payload) {
    Buffer whole = Buffer.buffer();
    for (int index = 0; index < payload.parts(); index++) {
      whole.appendBuffer(done(payload.part(index)));
    }
    return whole.toString();
  }

  /** What an instance is sent for this claim. */
  public static String sent(TaskQueue queue, Claim claim) {
    RunRequest request = done(queue.open(claim));
    return PromptRequest.complete(text(request.body()), request.secrets(), claim.attempt());
  }
}
