package io.anteroom.comfy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.support.LogLines;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However an instance breaks off, no error is written that names neither the instance nor what was asked. */
class NamelessErrorsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  /** What it answers to anything before it hangs up; {@code !} at the end: by a reset. */
  @ParameterizedTest
  @ValueSource(strings = {
    "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 100\r\n\r\nno", "HTTP/1.1 101 Switching Protocols\r\n\r\nxx",
    "HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\n!",
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"queue_running\":[!",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/0.9 nonsense\r\n\r\n", "!", ""})
  void whateverBreaksIsNoErrorOfTheLibrary(String answer) {
    AtomicInteger asked = new AtomicInteger();
    NetServer server = done(vertx.createNetServer()
      .connectHandler(socket -> socket.handler(request -> {
        asked.incrementAndGet();
        say(socket, answer);
      })).listen(0, "127.0.0.1"));
    Instance instance = new Instance("pc", URI.create("http://127.0.0.1:" + server.actualPort()), "pc", 1);
    Settings.Instances settings = new Settings.Instances(PATIENCE, PATIENCE, PATIENCE, 64);
    ComfyClient client = new ComfyClient(vertx, settings, PATIENCE);
    StatusSocket sockets = new StatusSocket(vertx, settings);
    HttpExchange exchange = new HttpExchange(vertx, PATIENCE, settings.trust(), PATIENCE);

    try (LogLines responses = new LogLines("io.vertx.core.http.impl");
        LogLines handlers = new LogLines("io.vertx.core.impl")) {
      settle(client.remaining(instance));
      settle(client.ours(instance));
      settle(sockets.listen(instance, "anteroom-watch", () -> { }, () -> { }));
      settle(exchange.open(instance, HttpMethod.GET, "/")
        .compose(request -> exchange.begin(request, Buffer.buffer(), 10)));
      until(() -> asked.get() >= 4);

      assertThat(responses.errors()).isEmpty();
      assertThat(handlers.errors()).isEmpty();
    }
  }

  /** There is no handler for the connection of a handshake; what fails by it is told with its name. */
  @ParameterizedTest
  @CsvSource({"io.vertx.core.net.impl.ConnectionBase, ERROR", "io.vertx.core.http.impl.HttpClientConnection, WARN"})
  void whatTheLibraryCannotNameIsNotWritten(String speaker, String level) throws JoranException {
    LoggerContext logs = new LoggerContext();
    JoranConfigurator settings = new JoranConfigurator();
    settings.setContext(logs);
    settings.doConfigure(Path.of("src", "main", "resources", "logback.xml").toFile());

    assertThat(logs.getLogger(speaker).isEnabledFor(Level.toLevel(level))).isFalse();
    logs.stop();
  }

  private static void say(NetSocket socket, String answer) {
    boolean resets = answer.endsWith("!");
    socket.write(answer.replaceFirst("!$", " ")).onComplete(said -> {
      if (resets) {
        ((NetSocketInternal) socket).channelHandlerContext().channel().config()
          .setOption(ChannelOption.SO_LINGER, 0);
      }
      socket.close();
    });
  }

  private static void settle(Future<?> future) {
    done(future.transform(ended -> Future.succeededFuture(true)));
  }
}
