package io.anteroom.edge.api;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.AboutUser;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.Statuses;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final String EVENTS = "/api/v1/comfy/queue/events?user=alice";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final EdgeFixture house = new EdgeFixture();
  private final Buffer read = Buffer.buffer();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void theFirstEventIsTheWholePictureAndEachChangeAnother() {
    List<AboutUser> asked = new CopyOnWriteArrayList<>();
    Promise<Answer> change = Promise.promise();
    house.bus.serve(StatusServices.USER, about -> {
      asked.add(about);
      return asked.size() == 1 ? picture(2) : asked.size() == 2 ? change.future() : Promise.<Answer>promise().future();
    });

    HttpClientResponse stream = open();
    await().atMost(SOON).until(() -> events("v2").size() == 1 && asked.size() == 2);
    change.complete(new Answer(List.of(Statuses.waiting("alice", 1)), "v1", 3));
    await().atMost(SOON).until(() -> events("v1").size() == 1);

    assertThat(stream.getHeader("Content-Type")).startsWith("text/event-stream");
    assertThat(text()).startsWith("retry: 2000\n\nevent: tasks\nid: v2\ndata: {\"tasks\":[{\"task_id\":");
    assertThat(asked.get(0).when().known()).isEmpty();
    assertThat(asked.get(1).when().known()).isEqualTo("v2");
    assertThat(asked.get(1).when().timeout()).isPositive();
  }

  /** A picture is asked for as soon as the one before is out: what happened in between is not kept back. */
  @Test
  void theNextPictureIsNotKeptBack() {
    AtomicInteger asked = new AtomicInteger();
    house.bus.serve(StatusServices.USER, about -> picture(asked.incrementAndGet()));
    open();
    await().atMost(SOON).until(() -> events("v1").size() == 1);

    within(Duration.ofSeconds(2), () -> events("v4").size() == 1);
  }

  @Test
  void nothingIsSentTwiceAndAFailureIsSurvived() {
    AtomicInteger asked = new AtomicInteger();
    house.bus.serve(StatusServices.USER, about -> switch (asked.incrementAndGet()) {
      case 1 -> Future.failedFuture(ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE, "down", "down"));
      case 2, 3 -> picture(2);
      case 4 -> picture(1);
      default -> Promise.<Answer>promise().future();
    });

    open();

    await().atMost(SOON).until(() -> events("v1").size() == 1);
    assertThat(events("v2")).hasSize(1);
  }

  @Test
  void aSlowReaderGetsTheLatestPictureOnly() {
    AtomicInteger asked = new AtomicInteger();
    String long20k = "x".repeat(20_000);
    house.bus.serve(StatusServices.USER, about -> {
      int now = asked.incrementAndGet();
      return Future.succeededFuture(new Answer(
        Collections.nCopies(100, Statuses.running("alice")), now + long20k, 0));
    });
    HttpClientRequest request = house.request(HttpMethod.GET, EVENTS);
    request.response().onSuccess(HttpClientResponse::pause);

    request.end();

    await().atMost(SOON).until(() -> settles(asked));

    assertThat(asked.get()).isLessThan(200);
  }

  @Test
  void aReaderWhoHasGoneIsNotAskedForAnyMore() {
    AtomicInteger asked = new AtomicInteger();
    house.bus.serve(StatusServices.USER, about -> picture(asked.incrementAndGet()));
    HttpClientResponse stream = open();
    await().atMost(SOON).until(() -> asked.get() > 2);

    stream.request().connection().close();

    await().atMost(SOON).until(() -> settles(asked));
  }

  @Test
  void oneUserCannotOpenMoreStreamsThanAreAllowed() {
    house.bus.serve(StatusServices.USER, about -> Promise.<Answer>promise().future());
    List<HttpClientResponse> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(done(house.request(HttpMethod.GET, EVENTS).send()));
    }

    Reply refused = house.get(EVENTS);
    streams.get(0).request().connection().close();

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.error()).isEqualTo("busy");
    await().atMost(SOON).until(() -> {
      HttpClientRequest again = house.request(HttpMethod.GET, EVENTS);
      return done(again.send()).statusCode() == 200;
    });
  }

  private HttpClientResponse open() {
    HttpClientRequest request = house.request(HttpMethod.GET, EVENTS);
    Future<HttpClientResponse> stream = request.response().onSuccess(response -> response.handler(chunk -> {
      synchronized (read) {
        read.appendBuffer(chunk);
      }
    }));
    request.end();
    return done(stream);
  }

  private static Future<Answer> picture(int position) {
    return Future.succeededFuture(new Answer(List.of(Statuses.waiting("alice", position)), "v" + position, 3));
  }

  private List<String> events(String version) {
    return List.of(text().split("\n\n")).stream().filter(event -> event.contains("id: " + version + "\n")).toList();
  }

  private String text() {
    synchronized (read) {
      return read.toString();
    }
  }

  /** Whether a number stands still for a good while. */
  private static boolean settles(AtomicInteger number) {
    int before = number.get();
    await().pollDelay(Duration.ofSeconds(2)).atMost(SOON).until(() -> true);
    return before > 0 && number.get() == before;
  }
}
