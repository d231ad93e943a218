package io.anteroom.comfy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anteroom.comfy.json.PythonJson;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/**
 * What a text message of an instance's socket is about, read without building any of it: they can be megabytes long.
 *
 * @param type     empty when it is not a message of ComfyUI's shape
 * @param promptId whose it is; empty when it does not say
 * @param noNode   whether it says that no node runs
 */
public record SocketMessage(String type, String promptId, boolean noNode) {
  public static final String STATUS = "status";
  /** Not ComfyUI's: what was lost on the way, for our script. */
  public static final String NOTICE = "anteroom_notice";
  public static final String FEATURE_FLAGS = "feature_flags";
  public static final String START = "execution_start";
  public static final String EXECUTING = "executing";
  public static final String PROGRESS_STATE = "progress_state";
  public static final String ERROR = "execution_error";
  public static final String EXECUTED = "executed";
  public static final String SUCCESS = "execution_success";

  private static final SocketMessage NOTHING = new SocketMessage("", "", false);

  /** What this message is about; of any bytes. */
  public static SocketMessage of(Buffer message) {
    try (JsonParser json = PythonJson.FACTORY.createParser(message.getBytes())) {
      return json.nextToken() == JsonToken.START_OBJECT ? top(json) : NOTHING;
    } catch (IOException notJson) {
      return NOTHING;
    }
  }

  /** Nothing of this task follows, apart from {@code status}. */
  public boolean endsRun() {
    return type.equals(EXECUTING) && noNode && !promptId.isEmpty();
  }

  /** How the run ended, in ComfyUI's own words. */
  public boolean isVerdict() {
    return type.equals(ERROR) || type.equals(SUCCESS) || type.equals(ComfyProtocol.INTERRUPTED);
  }

  /** A node has ended or another begun, so that pictures of its making are out of date. */
  public boolean turnsThePage() {
    return type.startsWith("execut");
  }

  private static SocketMessage top(JsonParser json) throws IOException {
    String type = "";
    SocketMessage about = NOTHING;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("type") && value == JsonToken.VALUE_STRING) {
        type = json.getText();
      } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
        about = data(json);
      } else {
        json.skipChildren();
      }
    }
    return new SocketMessage(type, about.promptId, about.noNode);
  }

  private static SocketMessage data(JsonParser json) throws IOException {
    String promptId = "";
    boolean noNode = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals(PromptRequest.PROMPT_ID) && value == JsonToken.VALUE_STRING) {
        promptId = json.getText();
      } else if (name.equals("node")) {
        noNode = value == JsonToken.VALUE_NULL;
        json.skipChildren();
      } else {
        json.skipChildren();
      }
    }
    return new SocketMessage("", promptId, noNode);
  }

  /** What a binary message of an instance's socket is. */
  public static final class Binary {
    private static final int PREVIEW = 1;
    private static final int PREVIEW_WITH_METADATA = 4;
    private static final int HEAD = 8;
    private static final int LARGEST_METADATA = 64 << 10;

    private Binary() {
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
        Object id = new JsonObject(message.getBuffer(HEAD, HEAD + length)).getValue(PromptRequest.PROMPT_ID);
        return id instanceof String text ? text : "";
      } catch (DecodeException | ClassCastException notAnObject) {
        return "";
      }
    }

    private static int kind(Buffer message) {
      return message.length() < Integer.BYTES ? 0 : message.getInt(0);
    }
  }
}
