package io.anteroom.edge.admission;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.support.client.RawClient;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One program that has run wild is held up; a class that begins is not. */
class RateLimiterTest {
  private static final String SCHOOL = "203.0.113.7";
  private static final String LAST = "GET /u/bobby/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  /** As many as thirty students whose pages have 405 scripts each, three times over, within seconds. */
  @Test
  void aClassThatBeginsAtOnceFromOneAddressIsNotHeldUp() {
    RateLimiter rates = new RateLimiter(() -> 0);
    HttpServerRequest request = request();

    for (int student = 0; student < 30; student++) {
      for (int script = 0; script < 3 * 405; script++) {
        assertThat(rates.ofAddress(SCHOOL)).isEmpty();
        assertThat(rates.admit(request, "s" + student, "in").succeeded()).isTrue();
      }
    }
  }

  @Test
  void anAddressThatNeverStopsAskingIsHeldUp() {
    RateLimiter rates = new RateLimiter(() -> 0);

    for (int i = 0; i < 60_000; i++) {
      assertThat(rates.ofAddress(SCHOOL)).isEmpty();
    }
    assertThat(rates.ofAddress(SCHOOL)).map(ApiException::code).hasValue(ApiException.Code.TOO_MANY_REQUESTS);
  }

  @Test
  void aStudentWhoNeverStopsReadingIsHeldUpAndNobodyElseIs() {
    RateLimiter rates = new RateLimiter(() -> 0);
    HttpServerRequest request = request();

    for (int i = 0; i < 6_000; i++) {
      assertThat(rates.admit(request, "alice", "in").succeeded()).isTrue();
    }
    assertThat(rates.admit(request, "alice", "in").cause()).isInstanceOfSatisfying(ApiException.class,
      refusal -> assertThat(refusal.code()).isEqualTo(ApiException.Code.TOO_MANY_REQUESTS));
    assertThat(rates.admit(request, "bob", "in").succeeded()).isTrue();
  }

  @Test
  void aPageThatChangesThingsWithoutEndIsToldToWaitAndNobodyElseIs() throws IOException {
    String change = "POST /u/alice/settings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    String answers = RawClient.ask(house.settings.http().port(), change.repeat(2_000) + LAST);

    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2_002);
    assertThat(answers.split("HTTP/1.1 429 ", -1).length - 1).isBetween(100, 1_399);
    assertThat(answers).contains("too_many_requests", "retry-after: ");
    assertThat(answers.substring(answers.lastIndexOf("HTTP/1.1"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void runsAreHeldUpSooner() throws IOException {
    String run = "POST /u/alice/prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

    String answers = RawClient.ask(house.settings.http().port(), run.repeat(400) + LAST);

    assertThat(answers.split("HTTP/1.1 429 ", -1).length - 1).isGreaterThan(50);
    assertThat(answers.split("HTTP/1.1 503 ", -1).length - 1).isGreaterThanOrEqualTo(200);
  }

  /** A read as a server sees it. */
  private HttpServerRequest request() {
    AtomicReference<HttpServerRequest> seen = new AtomicReference<>();
    HttpServer server = done(house.vertx.createHttpServer().requestHandler(request -> {
      seen.set(request);
      request.response().end();
    }).listen(0, "127.0.0.1"));
    HttpClient client = house.vertx.createHttpClient();
    done(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/").compose(HttpClientRequest::send)
      .eventually(client::close));
    return seen.get();
  }

  @Test
  void ratesThatAreSetActInPlaceOfTheUsualOnes() {
    RateLimiter rates = new RateLimiter(1, 3, () -> 0);

    assertThat(IntStream.range(0, 150).filter(run -> rates.ofRuns("ann").isEmpty()).count())
      .isEqualTo(100);
    assertThat(rates.ofRuns("ann").orElseThrow().english()).contains("sent more than 1 requests per second");
  }
}
