package io.anteroom.comfy.http;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No instance can make us keep more than we want, or wait longer. */
class HttpExchangeTest {
  private static final int MOST = 100_000;

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final Instance instance = new Instance("pc", comfy.url(), "pc", 1);
  private final HttpExchange exchange = new HttpExchange(vertx, Duration.ofSeconds(5), TlsTrust.USUAL,
    Duration.ofSeconds(30));

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void theBeginningOfAnAnswerWithoutEndIsKept() {
    answersWithoutEnd();

    Answer answer = done(asked().compose(request -> exchange.begin(request, Buffer.buffer(), MOST)));

    assertThat(answer.whole()).isFalse();
    assertThat(answer.body().length()).isBetween(MOST, 10 * MOST);
  }

  @Test
  void aLongAnswerIsNoneWhereAShortOneIsDue() {
    answersWithoutEnd();

    assertThatThrownBy(() -> done(asked().compose(request -> exchange.finish(request, Buffer.buffer()))))
      .isInstanceOf(ComfyException.class).hasMessageContaining("longer than 1048576 bytes");
  }

  @Test
  void anAnswerThatNeverComesIsGivenUp() {
    comfy.answers("/", request -> { });
    HttpExchange hasty = new HttpExchange(vertx, Duration.ofSeconds(5), TlsTrust.USUAL, Duration.ofMillis(50));

    assertThatThrownBy(() -> done(hasty.open(instance, HttpMethod.GET, ComfyProtocol.PAGE)
      .compose(request -> hasty.finish(request, Buffer.buffer())))).rootCause().hasMessageContaining("50");
  }

  private Future<HttpClientRequest> asked() {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.PAGE);
  }

  private void answersWithoutEnd() {
    comfy.answers("/", request -> {
      request.response().setChunked(true);
      vertx.setPeriodic(1, tick -> request.response().write(Buffer.buffer(new byte[20_000])));
    });
  }
}
