package io.anteroom.comfy;

import io.anteroom.config.Instance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks an instance small questions, and keeps no more of an answer than is good for us. */
final class Questions {
  private static final int LONGEST_ANSWER = 4 << 20;
  private static final int PATIENCE_S = 10;

  private final HttpClient client;

  /**
   * What came back.
   *
   * @param status 0 when nothing did
   * @param whole  false when it was longer than we keep
   */
  record Answer(int status, String contentType, Buffer body, boolean whole) {
    static final Answer NOTHING = new Answer(0, "", Buffer.buffer(), true);
  }

  Questions(Vertx vertx, Duration connectTimeout) {
    client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) connectTimeout.toMillis()));
  }

  Future<Answer> ask(Instance instance, HttpMethod method, String path, Map<String, String> headers, Buffer body) {
    RequestOptions question = new RequestOptions()
      .setMethod(method).setHost(instance.url().getHost()).setPort(instance.port()).setSsl(instance.isTls())
      .setURI(instance.url().getRawPath() + path)
      .setTimeout(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    headers.forEach(question::putHeader);
    return client.request(question)
      .compose(request -> request.send(body))
      .compose(Questions::read)
      .timeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** The same, for a question to which no answer is one too. */
  Future<Answer> askOrNothing(
      Instance instance, HttpMethod method, String path, Map<String, String> headers, Buffer body) {
    return ask(instance, method, path, headers, body).otherwise(Answer.NOTHING);
  }

  private static Future<Answer> read(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    return Future.future(done -> {
      response.exceptionHandler(done::tryFail);
      response.endHandler(end -> done.tryComplete(answer(response, body, true)));
      response.handler(chunk -> keep(chunk, body, response, done));
    });
  }

  private static void keep(Buffer chunk, Buffer body, HttpClientResponse response, Promise<Answer> done) {
    body.appendBuffer(chunk);
    if (body.length() > LONGEST_ANSWER && done.tryComplete(answer(response, body, false))) {
      response.request().reset();
    }
  }

  private static Answer answer(HttpClientResponse response, Buffer body, boolean whole) {
    String contentType = Optional.ofNullable(response.getHeader("Content-Type")).orElse("");
    return new Answer(response.statusCode(), contentType, body, whole);
  }
}
