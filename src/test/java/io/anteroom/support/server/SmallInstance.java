package io.anteroom.support.server;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server in an instance's place: notes what reaches it, answers what a test wants. */
public final class SmallInstance {
  private static final int FRAME = 20 << 20;

  private final Map<String, Handler<HttpServerRequest>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Handler<ServerWebSocket> onSocket = socket -> { };

  public SmallInstance(Vertx vertx) {
    HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0)
      .setMaxInitialLineLength(64 << 10).setMaxWebSocketFrameSize(FRAME).setMaxWebSocketMessageSize(FRAME)
      .setPerMessageWebSocketCompressionSupported(true);
    server = done(vertx.createHttpServer(options)
      .requestHandler(this::answer)
      .webSocketHandler(socket -> {
        sockets.add(socket);
        onSocket.handle(socket);
      })
      .listen());
  }

  /** One request, as it arrived. */
  public record Asked(HttpMethod method, String uri, List<Map.Entry<String, String>> headers, Buffer body) {
    public String header(String name) {
      return headers.stream().filter(one -> one.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue)
        .findFirst().orElse(null);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Answers this path otherwise than with 200 and the raw address; the handler sees the request unread. */
  public void answers(String path, Handler<HttpServerRequest> answer) {
    answers.put(path, answer);
  }

  public void onSocket(Handler<ServerWebSocket> handler) {
    onSocket = handler;
  }

  public List<Asked> asked() {
    return asked;
  }

  public Asked lastAsked() {
    return asked.get(asked.size() - 1);
  }

  public List<ServerWebSocket> sockets() {
    return sockets;
  }

  /** The instance's end of the nth socket, counted from 0, once it has it: a browser may hear first that it is open. */
  public ServerWebSocket socket(int index) {
    until(() -> sockets.size() > index);
    return sockets.get(index);
  }

  private void answer(HttpServerRequest request) {
    Handler<HttpServerRequest> other = answers.get(request.path());
    if (other != null) {
      asked.add(new Asked(request.method(), request.uri(), List.copyOf(request.headers().entries()), Buffer.buffer()));
      other.handle(request);
      return;
    }
    request.body().onSuccess(body -> {
      asked.add(new Asked(request.method(), request.uri(), List.copyOf(request.headers().entries()), body));
      request.response().putHeader("Content-Type", "text/plain").end(request.uri());
    });
  }
}
