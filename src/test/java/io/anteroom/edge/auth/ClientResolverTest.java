package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.config.Settings.Front;
import io.anteroom.edge.auth.ClientResolver.Client;
import io.anteroom.net.CidrRange;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 13, a chain of X-Forwarded-For that its sender has begun himself, and what goes with it. */
class ClientResolverTest {
  private static final String PROXY = "127.0.0.1";
  private static final String STRANGER = "127.0.0.2";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "203.0.113.9                                   | 203.0.113.9",
    "6.6.6.6, 203.0.113.9                          | 203.0.113.9",
    "127.0.0.1, 203.0.113.9                        | 203.0.113.9",
    "6.6.6.6, 203.0.113.9, 10.1.2.3                | 203.0.113.9",
    "6.6.6.6, 203.0.113.9, 10.1.2.3, 10.1.2.4      | 203.0.113.9",
    "10.1.2.5, 10.1.2.4                            | 10.1.2.5",
    "203.0.113.9:4711                              | 203.0.113.9",
    "[2001:db8::7]:4711, 10.1.2.3                  | 2001:db8:0:0:0:0:0:7",
    "2001:db8::7                                   | 2001:db8:0:0:0:0:0:7",
    "::ffff:203.0.113.9                            | 203.0.113.9",
    "6.6.6.6, unknown                              | 127.0.0.1",
    "6.6.6.6, alice.example, 10.1.2.3              | 10.1.2.3",
    "6.6.6.6,                                      | 127.0.0.1",
    "''                                            | 127.0.0.1"})
  void ofAChainTheFirstAddressThatNoProxyOfOursHasIsTheClients(String chain, String client) {
    assertThat(seen(trusting(PROXY, "10.1.2.0/24"), PROXY, "X-Forwarded-For", chain))
      .isEqualTo(client + " http true");
  }

  @Test
  void severalHeadersAreOneChain() {
    assertThat(seen(trusting(PROXY), PROXY, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "203.0.113.7"))
      .startsWith("203.0.113.7 ");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.7, 10.0.0.7", "::ffff:10.0.0.7, 10.0.0.7", "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0",
    "2001:db8:1:2::9, 2001:db8:1:2:0:0:0:0", "::1, 0:0:0:0:0:0:0:0"})
  void aHouseThatHasManyAddressesIsCountedOnce(String address, String network) {
    assertThat(new Client(CidrRange.address(address).orElseThrow(), "http", false).counted()).isEqualTo(network);
  }

  @Test
  @Attack(13)
  void aStrangersChainAndSchemeAreNotBelieved() {
    assertThat(seen(trusting(PROXY), STRANGER, "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"))
      .isEqualTo(STRANGER + " http false");
    assertThat(seen(Front.NOTHING, PROXY, "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"))
      .isEqualTo(PROXY + " http false");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"https|https", "HTTPS|https", "http|http", "wss|https", "ws|http",
    "http, https|https", "https, http|http", "gopher|http", "''|http"})
  void theSchemeIsWhatTheNearestProxySays(String said, String scheme) {
    assertThat(seen(trusting(PROXY), PROXY, "X-Forwarded-Proto", said)).isEqualTo(PROXY + " " + scheme + " true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Forwarded", "X-Real-IP", "X-Forwarded-Host", "X_Forwarded_For"})
  void otherHeadersSayNothing(String header) {
    assertThat(seen(trusting(PROXY), PROXY, header, "6.6.6.6")).isEqualTo(PROXY + " http true");
  }

  private static Front trusting(String... proxies) {
    return new Front(Optional.empty(),
      Stream.of(proxies).map(CidrRange::of).map(Optional::orElseThrow).toList());
  }

  /** Client, scheme and whether a proxy brought it, of a request that comes from this address with these headers. */
  private String seen(Front front, String from, String... headers) {
    ClientResolver peers = new ClientResolver(front);
    HttpServer server = done(vertx.createHttpServer().requestHandler(request -> {
      Client client = peers.of(request);
      request.response()
        .end(client.address().getHostAddress() + " " + client.scheme() + " " + client.isProxied());
    }).listen(0, PROXY));
    HttpClientConfig bound = new HttpClientConfig();
    bound.getTcpConfig().setLocalAddress(SocketAddress.inetSocketAddress(0, from));
    HttpClient client = vertx.createHttpClient(bound);
    return done(client.request(HttpMethod.GET, server.actualPort(), PROXY, "/")
      .compose(request -> {
        for (int i = 0; i < headers.length; i += 2) {
          request.headers().add(headers[i], headers[i + 1]);
        }
        // Asked for on the loop that brings the answer: asked for from a test's thread, the body may be gone by then.
        return request.send().compose(HttpClientResponse::body);
      })
      .map(Buffer::toString)
      .eventually(client::close));
  }
}
