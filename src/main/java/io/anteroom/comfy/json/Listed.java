package io.anteroom.comfy.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * One item of an instance's queue or history as the text that it is, so that it can be passed on letter for letter.
 *
 * @param id         of the run
 * @param running    whether it stands among the running ones; false in a history
 * @param text       the item's JSON
 * @param numberFrom where its number begins in the text
 * @param numberTo   behind its number
 */
public record Listed(String id, boolean running, Buffer text, int numberFrom, int numberTo) {

  /** The same item with another number; its text is not copied. */
  public Buffer numbered(long number) {
    CompositeByteBuf numbered = new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 3);
    return BufferInternal.buffer(numbered.addComponents(true, bytes(text.slice(0, numberFrom)),
      bytes(Buffer.buffer(Long.toString(number))), bytes(text.slice(numberTo, text.length()))));
  }

  private static ByteBuf bytes(Buffer part) {
    return ((BufferInternal) part).getByteBuf();
  }
}
