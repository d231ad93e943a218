package io.anteroom.acceptance;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An upgrade: each of three nodes is stopped in good order and replaced, under load, and no page notices more than a
 * reconnect.
 */
class RollingRestartIT {
  private static final int STUDENTS = 6;
  private static final int LIMIT = 4;
  private static final int SERVICE_RESTARTS = 1012;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
    .setMaxConnections(Integer.MAX_VALUE));
  private final TestCluster lab = TestCluster.of(STUDENTS).with("COMFY_MAX_CONCURRENT", String.valueOf(LIMIT));
  private final ExecutorService students = Executors.newFixedThreadPool(STUDENTS);
  /** Those that a balancer would send students to. */
  private final List<NodeProcess> open = new CopyOnWriteArrayList<>();
  /** Every task that was acknowledged, with its page. */
  private final Map<String, LoyalPage> tasks = new ConcurrentHashMap<>();
  private volatile boolean over;

  @AfterEach
  void close() {
    students.shutdownNow();
    lab.close();
    done(vertx.close());
  }

  @Test
  void nothingIsLostAndNoPageNoticesMoreThanAReconnect() throws Exception {
    open.addAll(lab.nodes(3));
    List<LoyalPage> pages = IntStream.rangeClosed(1, STUDENTS)
      .mapToObj(number -> new LoyalPage(sockets, open, "s" + number)).toList();
    List<Future<?>> work = pages.stream().<Future<?>>map(page -> students.submit(() -> workAt(page))).toList();

    for (NodeProcess node : List.copyOf(open)) {
      awaitRuns(STUDENTS);
      node.stop();
      open.remove(node);
      open.add(lab.node().awaitReady());
    }
    awaitRuns(STUDENTS);
    over = true;
    for (Future<?> one : work) {
      one.get();
    }

    System.out.printf("3 nodes replaced: %d tasks, %d sockets came again%n", tasks.size(),
      pages.stream().mapToInt(page -> page.closeCodes().size()).sum());
    assertThat(tasks.keySet()).allSatisfy(task -> assertThat(lab.ledger().runsOf(task)).as(task).hasSize(1));
    assertThat(lab.ledger().mostAtOnce()).isLessThanOrEqualTo(LIMIT);
    assertThat(pages).allSatisfy(page -> assertThat(page.closeCodes()).containsOnly(SERVICE_RESTARTS));
  }

  /** One Run after the other; each page receives the end of each. */
  private void workAt(LoyalPage page) {
    while (!over) {
      String task = page.run(0.5);
      tasks.put(task, page);
      await(task).atMost(TIMEOUT).pollInterval(Duration.ofMillis(50)).until(() -> {
        page.mind();
        return page.hasHeardTheEndOf(task);
      });
    }
  }

  /** So many more have begun. */
  private void awaitRuns(int more) {
    int before = lab.ledger().runs().size();
    await().atMost(TIMEOUT).until(() -> lab.ledger().runs().size() >= before + more);
  }
}
