package io.anteroom.support.server;

import static io.anteroom.support.Awaited.done;

import io.anteroom.support.FreePorts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Instances that no ComfyUI is: one takes no connection, one takes them and is silent, one notes what proves a run. */
public final class OddInstances implements AutoCloseable {
  private static final int PATIENCE_MS = 300;
  private static final int ATTEMPTS = 8;

  private final Vertx vertx;
  private final Map<String, String> proofs = new ConcurrentHashMap<>();
  private final List<Socket> filling = new ArrayList<>();
  private ServerSocket full;

  /** What they listen with ends with this Vert.x. */
  public OddInstances(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The port of one whose queue of connections is full. */
  public int full() {
    try {
      full = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress());
      for (int i = 0; i < ATTEMPTS && fill(); i++) {
        Thread.onSpinWait();
      }
      return full.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The port of one that never answers. */
  public int silent() {
    return done(vertx.createNetServer().connectHandler(socket -> { }).listen(FreePorts.next(), "127.0.0.1"))
      .actualPort();
  }

  /** The port of one that is idle, and answers little. */
  public int spy() {
    return done(vertx.createHttpServer().requestHandler(request -> {
      String proof = request.getHeader("Anteroom-Proof");
      proofs.merge(request.method() + " " + request.path(), proof == null ? "" : proof, String::concat);
      request.response().putHeader("Content-Type", "application/json").end(switch (request.path()) {
        case "/prompt" -> "{\"exec_info\":{\"queue_remaining\":0}}";
        case "/queue" -> "{\"queue_running\":[],\"queue_pending\":[]}";
        default -> "{}";
      });
    }).listen(FreePorts.next(), "127.0.0.1")).actualPort();
  }

  /** All that the spy was shown, by method and path. */
  public Map<String, String> proofs() {
    return proofs;
  }

  private boolean fill() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(full.getLocalSocketAddress(), PATIENCE_MS);
      return filling.add(socket);
    } catch (IOException noRoom) {
      socket.close();
      return false;
    }
  }

  @Override
  public void close() {
    try {
      for (Socket socket : filling) {
        socket.close();
      }
      full.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
