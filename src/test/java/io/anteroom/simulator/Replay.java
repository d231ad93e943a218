package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.Recording.Step;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does what the clients of a recording did, when they did it, and compares what comes. */
final class Replay {

  /** Fast enough that every run of the recordings ends at once. */
  private static final double FAST = 200;

  private final WebSocketClient sockets;
  private final ReplayedRequest requests;
  private final SimulatedComfy comfy;
  private final WireText ids = new WireText();
  private final Map<String, ReplayedSocket> open = new LinkedHashMap<>();
  private final List<ReplayedSocket> all = new ArrayList<>();

  Replay(Vertx vertx, SimulatedComfy comfy) {
    this.sockets = vertx.createWebSocketClient();
    this.requests = new ReplayedRequest(vertx, comfy.port(), ids);
    this.comfy = comfy;
  }

  void play(Recording recording) {
    open.clear();
    all.clear();
    for (Step step : recording.steps()) {
      if (step.isReconnect()) {
        awaitFramesUntil(recording, step.time());
        reconnect();
      } else if (step.isFrame()) {
        socket(step.socket()).record(translated(step.message()));
      } else if (step.isSentBySocket()) {
        socket(step.socket()).send(step.message());
      } else if (step.isHttp()) {
        awaitFramesUntil(recording, step.time());
        requests.repeat(step);
      }
    }
    awaitFramesUntil(recording, Double.MAX_VALUE);
    open.values().forEach(ReplayedSocket::close);
    all.forEach(ReplayedSocket::compare);
  }

  private ReplayedSocket socket(String name) {
    return open.computeIfAbsent(name, this::connect);
  }

  private ReplayedSocket connect(String name) {
    ReplayedSocket socket = new ReplayedSocket(sockets, name, comfy.port());
    all.add(socket);
    return socket;
  }

  /** Closed first, then opened again: the other way round is a fault of its own. */
  private void reconnect() {
    open.values().forEach(ReplayedSocket::close);
    open.replaceAll((name, closed) -> connect(name));
  }

  /** Waits for what the sockets had received by then. Time goes on only if a run had ended by then. */
  private void awaitFramesUntil(Recording recording, double time) {
    Map<String, List<JsonObject>> frames = new LinkedHashMap<>();
    for (Step step : sinceReconnect(recording, time)) {
      if (open.containsKey(step.socket())) {
        frames.computeIfAbsent(step.socket(), first -> new ArrayList<>()).add(step.message());
      }
    }
    boolean runsEnd = frames.entrySet().stream().anyMatch(socket -> !open.get(socket.getKey())
      .hasEnded(socket.getValue().stream().filter(WireStream::isEndOfRun).count()));
    done(comfy.speed(runsEnd ? FAST : 0));
    frames.forEach((name, messages) -> open.get(name)
      .awaitLandmarks(messages.stream().filter(message -> !WireStream.isTick(message)).count()));
    done(comfy.speed(0));
  }

  private List<Step> sinceReconnect(Recording recording, double time) {
    double reconnected = recording.steps().stream()
      .filter(step -> step.isReconnect() && step.time() < time)
      .mapToDouble(Step::time).max().orElse(0);
    return recording.framesUntil(time).stream().filter(step -> step.time() >= reconnected).toList();
  }

  private JsonObject translated(JsonObject message) {
    return new JsonObject(ids.translated(message.encode()));
  }
}
