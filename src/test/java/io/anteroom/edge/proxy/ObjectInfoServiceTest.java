package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.Settings.Instances;
import io.anteroom.directory.Instance;
import io.anteroom.edge.proxy.GzipCache.Packed;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an instance, a real HTTP server here, pays for it that a whole class opens its pages at one word. */
class ObjectInfoServiceTest {
  private static final String INFO = "{\"Node\":{}}";
  private static final int PAGES = 30;
  /** No question here ends by the clock. */
  private static final Instances PATIENT =
    new Instances(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofSeconds(10), 64);

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final Instance gpu = new Instance("gpu", comfy.url(), "gpu", 1);
  /** As many edges of one node have them, each its own. */
  private final List<ObjectInfoService> edges =
    List.of(new ObjectInfoService(vertx, PATIENT), new ObjectInfoService(vertx, PATIENT));

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void aClassThatOpensItsPagesAtOnceCostsTheInstanceOneAnswerAndOneMoreForWhoCameAfterItWasSent() {
    BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
    comfy.answers("/object_info", held::add);
    Future<Packed> first = edges.get(0).fetch(gpu);
    until(() -> !held.isEmpty());
    List<Future<Packed>> others = IntStream.range(1, PAGES)
      .mapToObj(page -> edges.get(page % edges.size()).fetch(gpu)).toList();

    comfy.answers("/object_info", ObjectInfoServiceTest::answer);
    answer(held.remove());

    assertThat(done(first).plain()).hasToString(INFO);
    assertThat(done(Future.all(others)).<Packed>list())
      .allSatisfy(packed -> assertThat(packed.plain()).hasToString(INFO));
    assertThat(comfy.asked()).hasSize(2);
  }

  private static void answer(HttpServerRequest request) {
    request.response().putHeader("Content-Type", "application/json").end(INFO);
  }
}
