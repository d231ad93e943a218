package io.anteroom.attack;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Tasks.lab;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.admin.AdminVerticle;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.metrics.MetricsRegistry;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.redis.MemoryTaskQueue;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on what the nodes say to one another and to admins, from a browser. */
class BusAttacksTest {
  private final EdgeFixture house = new EdgeFixture();

  @BeforeEach
  void adminsToo() {
    done(house.vertx.deployVerticle(new AdminVerticle(house.settings,
      new MemoryTaskQueue(house.vertx, lab(1, "alice"), Clock.systemUTC()), new MetricsRegistry(),
      Clock.systemUTC())));
  }

  @AfterEach
  void close() {
    house.close();
  }

  static Stream<String> doors() {
    return Stream.of("/eventbus", "/eventbus/info", "/eventbus/websocket", "/eventbus/000/abcdefgh/xhr", "/sockjs/info",
      "/bridge", "/bus", "/bus/anteroom.metrics.cluster", "/anteroom.queue.cancel", "/api/v1/comfy/admin/",
      "/api/v1/comfy/admin/bus", "/api/v1/comfy/queue/eventbus/info", "/hazelcast/rest/cluster", "/hazelcast/health");
  }

  /** The bus has no door to the web: there is nothing whose permissions one could get wrong. */
  @Attack(37)
  @ParameterizedTest
  @MethodSource("doors")
  void nothingOfTheBusIsReachedByABrowser(String path) throws IOException {
    for (int port : List.of(house.settings.http().port(), house.settings.http().adminPort())) {
      for (String upgrade : List.of("", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + "dGhlIHNhbXBsZSBub25jZQ==\r\n")) {
        String answer = RawClient.ask(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + upgrade
          + "Connection: " + (upgrade.isEmpty() ? "" : "upgrade, ") + "close\r\n\r\n"
          + "GET /end HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).as("port %d", port).matches("(?s)HTTP/1.1 40[45] .*");
      }
    }
  }

  @Attack(26)
  @Test
  void nothingOfTheAdminPortIsShownInsideAnotherPage() throws IOException {
    int port = house.settings.http().adminPort();
    for (String path : List.of("/metrics", "/health/live", "/nothing")) {
      String answer = RawClient.ask(port,
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n");

      assertThat(answer).contains("frame-ancestors 'none'", "default-src 'none'", "nosniff");
    }
  }
}
