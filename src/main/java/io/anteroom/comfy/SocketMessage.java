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
 * The type and subject of a text message from an instance, read without building it: messages can be megabytes long.
 *
 * @param type     empty if it is not a ComfyUI message
 * @param promptId the run; empty if it has none
 * @param noNode   whether its node is null
 */
public record SocketMessage(String type, String promptId, boolean noNode) {
  public static final String STATUS = "status";
  /** Not ComfyUI's: reports lost messages to our script. */
  public static final String NOTICE = "anteroom_notice";
  public static final String FEATURE_FLAGS = "feature_flags";
  public static final String START = "execution_start";
  public static final String EXECUTING = "executing";
  public static final String PROGRESS_STATE = "progress_state";
  public static final String ERROR = "execution_error";
  public static final String EXECUTED = "executed";
  public static final String SUCCESS = "execution_success";

  private static final SocketMessage NOTHING = new SocketMessage("", "", false);

  /** Parses any bytes. */
  public static SocketMessage of(Buffer message) {
    try (JsonParser json = PythonJson.FACTORY.createParser(message.getBytes())) {
      return json.nextToken() == JsonToken.START_OBJECT ? top(json) : NOTHING;
    } catch (IOException notJson) {
      return NOTHING;
    }
  }

  /** Whether nothing of this task follows, except {@code status}. */
  public boolean endsRun() {
    return type.equals(EXECUTING) && noNode && !promptId.isEmpty();
  }

  /** Whether it reports how the run ended. */
  public boolean isVerdict() {
    return type.equals(ERROR) || type.equals(SUCCESS) || type.equals(ComfyProtocol.INTERRUPTED);
  }

  /** Whether a node has ended or begun, so that earlier previews are out of date. */
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

  /** A binary message from an instance. */
  public static final class Binary {
    private static final int PREVIEW = 1;
    private static final int PREVIEW_WITH_METADATA = 4;
    private static final int HEAD = 8;
    private static final int MAX_METADATA = 64 << 10;

    private Binary() {
    }

    /** Whether it is a preview, which is obsolete once there is a newer one. */
    public static boolean isPreview(Buffer message) {
      int kind = kind(message);
      return kind == PREVIEW || kind == PREVIEW_WITH_METADATA;
    }

    /** The run; empty if it has none. */
    public static String promptId(Buffer message) {
      if (kind(message) != PREVIEW_WITH_METADATA || message.length() < HEAD) {
        return "";
      }
      int length = message.getInt(Integer.BYTES);
      if (length < 0 || length > MAX_METADATA || length > message.length() - HEAD) {
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
