package io.anteroom.comfy;

import io.vertx.core.buffer.Buffer;

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

  /** The same item with another number. */
  public Buffer numbered(long number) {
    return Buffer.buffer(text.length() + 20)
      .appendBuffer(text.slice(0, numberFrom))
      .appendString(Long.toString(number))
      .appendBuffer(text.slice(numberTo, text.length()));
  }
}
