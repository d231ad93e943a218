package io.anteroom.bus;

import io.anteroom.bus.Bus.Codec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that the verticle {@code injection} serves. */
public final class PageServices {

  /**
   * Fetches a page of an instance and injects the script.
   *
   * <p>Request {@code {"instance","uri","document"}}; reply {@code
   * {"status","headers":[name,value,…],"body","injected", "streamed"}}, the body as bytes. Fails with {@code
   * UNKNOWN_INSTANCE}; an instance that does not answer is a reply with {@code streamed}. Sent by {@code edge}.
   */
  public static final Service<PageQuestion, Page> PAGE = new Service<>(Addresses.PAGE,
    new Codec<>(PageQuestion::toJson, PageQuestion::fromJson), new Codec<>(Page::toJson, Page::fromJson));

  /**
   * Records that the script runs in a browser.
   *
   * <p>Request {@code {"user","instance","version","frontend"}}; the reply is empty. Sent by {@code edge}.
   */
  public static final Service<Hello, Void> HELLO =
    new Service<>(Addresses.PAGE_HELLO, new Codec<>(Hello::toJson, Hello::fromJson), Codec.NOTHING);

  private PageServices() {
  }

  /**
   * A request for a page.
   *
   * @param uri      path and query at the instance, raw, as the client sent them
   * @param document whether a browser opens it as a document, and so runs its scripts; programs and prefetches do not
   */
  public record PageQuestion(String instance, String uri, boolean document) {
    JsonObject toJson() {
      return new JsonObject().put("instance", instance).put("uri", uri).put("document", document);
    }

    static PageQuestion fromJson(JsonObject json) {
      return new PageQuestion(json.getString("instance"), json.getString("uri"), json.getBoolean("document", false));
    }
  }

  /**
   * A page that can be sent to the client as it is.
   *
   * @param injected false when it is as the instance sent it, or when the requester has to stream it
   * @param streamed whether the requester has to fetch it itself: it is too large, compressed, or no page at all
   */
  public record Page(int status, Map<String, String> headers, Buffer body, boolean injected, boolean streamed) {
    JsonObject toJson() {
      JsonArray pairs = new JsonArray();
      headers.forEach((name, value) -> pairs.add(name).add(value));
      return new JsonObject().put("status", status).put("headers", pairs).put("body", body)
        .put("injected", injected).put("streamed", streamed);
    }

    static Page fromJson(JsonObject json) {
      List<?> pairs = json.getJsonArray("headers").getList();
      Map<String, String> headers = new LinkedHashMap<>();
      for (int i = 0; i < pairs.size(); i += 2) {
        headers.put((String) pairs.get(i), (String) pairs.get(i + 1));
      }
      return new Page(json.getInteger("status"), headers, json.getBuffer("body"), json.getBoolean("injected"),
        json.getBoolean("streamed"));
    }
  }

  /**
   * The greeting of the boot script.
   *
   * @param version  the hash in its own file name
   * @param frontend the version of ComfyUI's page; empty when that is unknown
   */
  public record Hello(String user, String instance, String version, String frontend) {
    JsonObject toJson() {
      return new JsonObject().put("user", user).put("instance", instance).put("version", version)
        .put("frontend", frontend);
    }

    static Hello fromJson(JsonObject json) {
      return new Hello(json.getString("user"), json.getString("instance"), json.getString("version"),
        json.getString("frontend"));
    }
  }
}
