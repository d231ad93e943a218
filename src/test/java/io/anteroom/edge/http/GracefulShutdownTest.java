package io.anteroom.edge.http;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.bus.StatusServices;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.bus.StatusServices.When;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.edge.session.Tab;
import io.anteroom.support.Statuses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that stops in good order, as the browsers see it. */
class GracefulShutdownTest {
  private static final int SERVICE_RESTARTS = 1012;

  private final EdgeFixture house = new EdgeFixture();
  private final List<When> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/alice/ws?clientId=a", "/u/alice/node/ws"})
  void everySocketIsToldToComeAgain(String address) {
    Tab tab = house.tab(address);

    done(house.stop());

    until(() -> tab.socket().isClosed() && tab.closeCode == SERVICE_RESTARTS);
  }

  @Test
  void anAnswerThatIsHeldBackIsGivenAtOnce() {
    house.bus.serve(StatusServices.USER, about -> {
      asked.add(about.when());
      return about.when().timeout().isZero() ? picture() : Promise.<Answer>promise().future();
    });
    HttpClientRequest request = house.request(HttpMethod.GET, "/api/v1/comfy/queue?user=alice&wait=25");
    Future<Reply> reply = Reply.to(request);
    request.end();
    until(() -> asked.size() == 1);

    house.stop();

    assertThat(done(reply).status()).isEqualTo(200);
    assertThat(done(reply).json().getJsonArray("tasks")).hasSize(1);
  }

  @Test
  void aStreamOfEventsEndsInGoodOrder() {
    house.bus.serve(StatusServices.USER, about -> {
      asked.add(about.when());
      return asked.size() == 1 ? picture() : Promise.<Answer>promise().future();
    });
    HttpClientRequest request = house.request(HttpMethod.GET, "/api/v1/comfy/queue/events?user=alice");
    Future<Reply> stream = Reply.to(request);
    request.end();
    until(() -> asked.size() == 2);

    house.stop();

    assertThat(done(stream).text()).contains("event: tasks");
  }

  @Test
  void whatIsUnderWayIsAnswered() {
    CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
    house.comfy.answers("/view", arrived::complete);
    HttpClientRequest request = house.request(HttpMethod.GET, "/u/alice/view");
    Future<Reply> reply = Reply.to(request);
    request.end();
    HttpServerRequest atInstance = arrived.join();

    Tab tab = house.tab("/u/alice/ws?clientId=a");
    Future<Void> stopped = house.stop();
    until(tab.socket()::isClosed);
    atInstance.response().end("a picture");

    assertThat(done(reply).text()).isEqualTo("a picture");
    done(stopped);
  }

  @Test
  void nobodyIsLetInAfterwards() {
    done(house.stop());

    assertThatThrownBy(() -> house.get("/u/alice/")).hasStackTraceContaining("refused");
  }

  private static Future<Answer> picture() {
    return Future.succeededFuture(new Answer(List.of(Statuses.waiting("alice", 1)), "v1", 1));
  }
}
