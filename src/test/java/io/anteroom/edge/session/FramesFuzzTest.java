package io.anteroom.edge.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.SocketMessage;
import io.anteroom.comfy.SocketMessage.Binary;
import io.anteroom.edge.session.WebSocketMessage.Aggregator;
import io.anteroom.fuzz.Fuzz;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Messages of a browser or an instance, of any bytes and in any pieces: they are read for what they are, or passed. */
class FramesFuzzTest {
  private static final List<String> MESSAGES = List.of(
    "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":1}},\"sid\":\"a\"}}",
    "{\"type\":\"executing\",\"data\":{\"node\":null,\"prompt_id\":\"6f1c0a52-0000-4000-8000-000000000001\"}}",
    "{\"type\":\"progress\",\"data\":{\"value\":1,\"max\":20,\"node\":\"3\",\"prompt_id\":\"6f1c0a52\"}}",
    "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}", "[]", "\"x\"",
    "\0\0\0\1\0\0\0\2JFIF", "\0\0\0\4\0\0\0\20{\"prompt_id\":\"6\"}JFIF");

  @Test
  void everyMessageIsReadOrPassed() {
    AtomicLong whole = new AtomicLong();
    Aggregator assembler = new Aggregator(said -> whole.addAndGet(said.size()), () -> { });
    Fuzz.run("frames", MESSAGES, input -> {
      Buffer message = Buffer.buffer(input);
      SocketMessage told = SocketMessage.of(message);
      assertThat(told.type()).isNotNull();
      assertThat(told.endsRun() && told.isVerdict()).isFalse();
      assertThat(Binary.promptId(message)).isNotNull();
      Binary.isPreview(message);
      long before = whole.get();
      int middle = input.length / 2;
      assembler.take(WebSocketFrame.continuationFrame(message, input.length % 3 == 0));
      assembler.take(WebSocketFrame.binaryFrame(message.getBuffer(0, middle), false));
      assembler.take(WebSocketFrame.pingFrame(Buffer.buffer("x")));
      assembler.take(WebSocketFrame.continuationFrame(message.getBuffer(middle, input.length), true));
      assertThat(whole.get() - before).isEqualTo(input.length);
    });
  }
}
