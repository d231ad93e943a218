package io.anteroom.simulator;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a real ComfyUI and its clients said to each other in one scenario.
 *
 * @param server the command line of the server that was started for this one and those after it; none when the server
 *   of the recording before went on
 */
record Recording(String name, Optional<List<String>> server, List<Step> steps) {

  private static final Path FOLDER = Path.of("src/test/resources/comfyui-wire");

  static List<Recording> of(ComfyVersion version) {
    try (Stream<Path> files = Files.list(FOLDER.resolve("v" + version))) {
      return files.sorted().map(Recording::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(Path file) {
    try {
      JsonObject json = new JsonObject(Buffer.buffer(Files.readAllBytes(file)));
      List<Step> steps = json.getJsonArray("steps").stream().map(step -> new Step((JsonObject) step)).toList();
      Optional<List<String>> server = Optional.ofNullable(json.getJsonArray("new_server"))
        .map(arguments -> arguments.stream().map(String::valueOf).toList());
      return new Recording(file.getFileName().toString().replace(".json", ""), server, steps);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The frames that any socket had received by then. */
  List<Step> framesUntil(double time) {
    return steps.stream().filter(step -> step.isFrame() && step.time() <= time).toList();
  }

  /** One thing that happened: a request with its answer, or a message on a socket. */
  record Step(JsonObject json) {

    double time() {
      return json.getDouble("t");
    }

    boolean isFrame() {
      return json.containsKey("ws");
    }

    boolean isSentBySocket() {
      return json.containsKey("ws_sent");
    }

    boolean isHttp() {
      return json.containsKey("http");
    }

    boolean isReconnect() {
      return note().equals("socket opened again");
    }

    String note() {
      return json.getString("note", "");
    }

    String socket() {
      return json.getString("ws", json.getString("ws_sent"));
    }

    JsonObject message() {
      return json.getJsonObject("json");
    }

    JsonObject request() {
      return json.getJsonObject("http").getJsonObject("request");
    }

    JsonObject response() {
      return json.getJsonObject("http").getJsonObject("response");
    }
  }
}
