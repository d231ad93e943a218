package io.anteroom.comfy.objectinfo;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.config.tls.TlsTrust;
import io.anteroom.directory.Instance;
import io.anteroom.support.server.SmallInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an instance pays for it that many want to know its nodes at once: it is a real HTTP server here. */
class ObjectInfoCacheTest {
  /** Longer than any test takes: no question here ends by the clock. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int STUDENTS = 16;
  private static final String OUTPUT =
    "{\"Output\":{\"input\":{},\"output\":[],\"output_node\":true,\"python_module\":\"nodes\"}}";

  private final Vertx vertx = Vertx.vertx();
  private final SmallInstance comfy = new SmallInstance(vertx);
  private final Instance gpu = new Instance("gpu", comfy.url(), "gpu", 1);
  /** As many verticles of one node have them, each its own. */
  private final List<ObjectInfoCache> verticles = List.of(infos(), infos());
  /** Questions that the instance has not answered yet. */
  private final BlockingQueue<HttpServerRequest> open = new LinkedBlockingQueue<>();

  @BeforeEach
  void hold() {
    comfy.answers("/object_info", open::add);
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  /** One question is with the instance and may be too old for who asks now; one more serves all of these. */
  @Test
  void manyWhoAskAtOnceCostTheInstanceTwoAnswers() {
    Future<NodeClasses> first = verticles.get(0).learn(gpu);
    until(() -> !open.isEmpty());
    List<Future<NodeClasses>> others = IntStream.range(1, STUDENTS)
      .mapToObj(student -> verticles.get(student % verticles.size()).learn(gpu)).toList();

    comfy.answers("/object_info", ObjectInfoCacheTest::answer);
    answer(open.remove());

    assertThat(done(first).classes()).containsOnlyKeys("Output");
    assertThat(done(Future.all(others)).<NodeClasses>list()).allSatisfy(nodes ->
      assertThat(nodes.began()).isGreaterThan(first.result().began()));
    assertThat(questions()).isEqualTo(2);
  }

  /** One verticle asks at its start, the others know then. */
  @Test
  void whatIsKnownIsNotAskedForAgainAtTheStart() {
    comfy.answers("/object_info", ObjectInfoCacheTest::answer);

    verticles.forEach(infos -> done(infos.learnMissing(List.of(gpu))));

    assertThat(verticles.get(1).known(gpu).orElseThrow().classes()).containsOnlyKeys("Output");
    assertThat(questions()).isEqualTo(1);
  }

  /** What a page was told is learned from without another question. */
  @Test
  void anAnswerToAPageIsLearnedFrom() {
    ObjectInfoCache.offer(vertx, gpu, Buffer.buffer(OUTPUT), System.nanoTime());

    done(verticles.get(0).read(gpu));

    assertThat(verticles.get(1).known(gpu).orElseThrow().classes()).containsOnlyKeys("Output");
    assertThat(questions()).isZero();
  }

  private ObjectInfoCache infos() {
    return new ObjectInfoCache(vertx, new ObjectInfoClient(vertx, PATIENCE, TlsTrust.USUAL, PATIENCE));
  }

  private long questions() {
    return comfy.asked().stream().filter(one -> one.uri().equals("/object_info")).count();
  }

  private static void answer(HttpServerRequest request) {
    request.response().putHeader("Content-Type", "application/json").end(OUTPUT);
  }
}
