package io.anteroom.edge.admission;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.config.Settings.Front;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.NodeLimits;
import io.anteroom.edge.auth.ClientResolver;
import io.anteroom.edge.session.Tab;
import io.anteroom.net.CidrRange;
import io.anteroom.support.client.RawClient;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behind a listed proxy all come from one address: each is counted by his own, which that proxy alone tells. */
class AdmissionFilterTest {
  private static final String PROXY = "127.0.0.1";
  private static final String BUSY = "203.0.113.7";
  private static final String QUIET = "203.0.113.8";
  private static final String LET_IN = "in";
  private static final int CROWDED = 503;

  private final List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
  private EdgeFixture house = house(PROXY);
  private ConcurrencyLimiter open = NodeLimits.of(house.vertx, house.settings).connections();

  private static Front front(String proxy) {
    return new Front(Optional.empty(), List.of(CidrRange.of(proxy).orElseThrow()));
  }

  private EdgeFixture house(String proxy) {
    EdgeFixture behind = new EdgeFixture(front(proxy));
    behind.comfy.answers("/later", waiting::add);
    return behind;
  }

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "203.0.113.7                           | 203.0.113.7",
    "203.0.113.8, 203.0.113.7              | 203.0.113.7",
    "127.0.0.1, 203.0.113.8, 203.0.113.7   | 203.0.113.7",
    "2001:db8:1:2::9                       | 2001:db8:1:2:0:0:0:0",
    "unknown                               | 127.0.0.1"})
  void oneWhoHasEnoughUnderWayGetsNoMoreAndNobodyElseIsHeldUp(String chain, String counted) {
    crowd(counted);

    assertThat(status(chain)).isEqualTo(CROWDED);
    assertThat(status(QUIET)).isEqualTo(200);
    open.release(counted);
    int before = open.of(counted);
    assertThat(status(chain)).as("in the place that became free").isEqualTo(200);
    until(() -> open.of(counted) == before);
  }

  /** Each house of IPv6 is one, and no more than one. */
  @Test
  void theHouseNextDoorIsAnotherOne() {
    crowd("2001:db8:1:2:0:0:0:0");

    assertThat(status("2001:db8:1:2:ffff::1")).isEqualTo(CROWDED);
    assertThat(status("2001:db8:1:3::1")).isEqualTo(200);
  }

  /** What the proxy has open is not what one student has. */
  @Test
  void aProxyIsNotHeldUpByWhatOneAddressMayHave() {
    crowd(PROXY);

    assertThat(status(QUIET)).isEqualTo(200);
  }

  @Test
  @Attack(13)
  void whoeverIsNoProxyIsCountedByHisOwnAddressWhateverHeSays() throws IOException {
    house.close();
    house = house("10.1.2.3");
    open = NodeLimits.of(house.vertx, house.settings).connections();

    crowd(BUSY);
    assertThat(status(BUSY)).as("whom he names has enough, he has not").isEqualTo(200);
    crowd(PROXY);
    assertThat(RawClient.ask(house.settings.http().port(), asking("/x", QUIET))).as("is hung up on").isEmpty();
  }

  @Test
  void aRequestCountsUntilItIsAnsweredAndUntilItsConnectionEnds() throws IOException {
    RawClient cut = new RawClient(house.settings.http().port());
    try (RawClient kept = new RawClient(house.settings.http().port())) {
      kept.say(asking("/later", BUSY));
      cut.say(asking("/later", BUSY));
      until(() -> waiting.size() == 2 && open.of(BUSY) == 2);

      cut.close();
      until(() -> open.of(BUSY) == 1);
      waiting.forEach(request -> request.response().end());
      assertThat(kept.head()).startsWith("HTTP/1.1 200 ");
      until(() -> open.of(BUSY) == 0);
    }
    assertThat(open.of(PROXY)).isZero();
  }

  @Test
  void aSocketCountsUntilItIsClosed() {
    Tab tab = house.tab("/u/alice/custom", "X-Forwarded-For", BUSY);
    until(() -> open.of(BUSY) == 1);
    crowd(BUSY);

    assertThatThrownBy(() -> house.tab("/u/alice/custom", "X-Forwarded-For", BUSY))
      .isInstanceOfSatisfying(UpgradeRejectedException.class,
        refused -> assertThat(refused.getStatus()).isEqualTo(CROWDED));
    done(house.tab("/u/alice/custom", "X-Forwarded-For", QUIET).socket().close());
    int before = open.of(BUSY);
    done(tab.socket().close());
    until(() -> open.of(BUSY) == before - 1 && open.of(QUIET) == 0);
  }

  @Test
  void whoeverNeverStopsAskingHoldsUpNobodyElseWhoComesByTheSameProxy() throws IOException {
    int port = judging(PROXY);

    assertThat(ask(port, BUSY)).isEqualTo("too_many_requests");
    assertThat(ask(port, QUIET + ", " + BUSY)).isEqualTo("too_many_requests");
    assertThat(ask(port, BUSY + ", " + QUIET)).isEqualTo(LET_IN);
    assertThat(ask(judging("10.1.2.3"), BUSY)).as("who is no proxy names himself in vain").isEqualTo(LET_IN);
  }

  /** The port of a server behind this proxy that tells what is said against a request; one address has asked enough. */
  private int judging(String proxy) {
    RateLimiter rates = new RateLimiter(() -> 0);
    Stream.generate(() -> rates.ofAddress(BUSY)).takeWhile(Optional::isEmpty).forEach(asked -> { });
    ClientResolver peers = new ClientResolver(front(proxy));
    AdmissionFilter strangers = new AdmissionFilter(EdgeHosts.check(house.settings), peers, rates,
      new ConnectionLimiter(open, open, peers, Duration.ofDays(1)));
    return done(house.vertx.createHttpServer().requestHandler(request -> request.response()
      .end(strangers.objection(request).map(ApiException::code).map(ApiException.Code::word).orElse(LET_IN)))
      .listen(0, "127.0.0.1")).actualPort();
  }

  private static String ask(int port, String chain) throws IOException {
    String answer = RawClient.ask(port, asking("/x", chain).replaceFirst("Host", "Connection: close\r\nHost"));
    return answer.substring(answer.indexOf("\r\n\r\n")).strip();
  }

  /** Uses up all that an address may have. */
  private void crowd(String address) {
    Stream.generate(() -> open.acquire(address)).takeWhile(Optional::isEmpty).forEach(entered -> { });
  }

  private int status(String chain) {
    return house.get("/u/alice/x", "X-Forwarded-For", chain).status();
  }

  /** A request whose connection stays. */
  private static String asking(String path, String client) {
    return "GET /u/alice%s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\n\r\n".formatted(path, client);
  }
}
