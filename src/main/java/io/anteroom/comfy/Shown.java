package io.anteroom.comfy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** What a binary message of an instance's socket is. */
public final class Shown {
  private static final int PREVIEW = 1;
  private static final int PREVIEW_WITH_METADATA = 4;
  private static final int HEAD = 8;
  private static final int LARGEST_METADATA = 64 << 10;

  private Shown() {
  }

  /** Whether it is a picture of how far a node has come, worth nothing once there is a newer one. */
  public static boolean isPreview(Buffer message) {
    int kind = kind(message);
    return kind == PREVIEW || kind == PREVIEW_WITH_METADATA;
  }

  /** Whose it is; empty when it does not say. */
  public static String promptId(Buffer message) {
    if (kind(message) != PREVIEW_WITH_METADATA || message.length() < HEAD) {
      return "";
    }
    int length = message.getInt(Integer.BYTES);
    if (length < 0 || length > LARGEST_METADATA || length > message.length() - HEAD) {
      return "";
    }
    try {
      Object id = new JsonObject(message.getBuffer(HEAD, HEAD + length)).getValue(PromptBody.PROMPT_ID);
      return id instanceof String text ? text : "";
    } catch (DecodeException | ClassCastException notAnObject) {
      return "";
    }
  }

  private static int kind(Buffer message) {
    return message.length() < Integer.BYTES ? 0 : message.getInt(0);
  }
}
