package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No user of an instance takes from another what it serves at once. */
class FairSharesTest {
  private static final int MAX_WAITING = 20;

  private final Vertx vertx = Vertx.vertx();
  private final List<Promise<String>> underWay = new ArrayList<>();
  private final Queue<String> begun = new ConcurrentLinkedQueue<>();
  private FairShares shares = new FairShares(vertx, 12, MAX_WAITING, Duration.ofSeconds(60));

  @AfterEach
  void close() {
    done(vertx.close());
  }

  /** Each asks for all, one user after the other; the last place is another's. */
  @Attack(30)
  @ParameterizedTest
  @CsvSource({"12, 1, 6", "12, 2, 4", "12, 3, 3", "12, 5, 2", "64, 1, 32", "64, 7, 8", "3, 1, 2", "2, 1, 1", "1, 1, 1"})
  void whoAsksForAllGetsAShareAndLeavesOne(int places, int users, int least) {
    shares = new FairShares(vertx, places, MAX_WAITING, Duration.ofSeconds(60));

    for (int i = 0; i < places; i++) {
      for (int user = 0; user < users; user++) {
        ask("user" + user);
      }
    }

    for (int user = 0; user < users; user++) {
      assertThat(shares.held("gpu", "user" + user)).isBetween(Math.min(least, 1), least);
    }
    if (places > users) {
      assertThat(ask("late")).isNotNull();
      assertThat(shares.held("gpu", "late")).isEqualTo(1);
    }
  }

  @Test
  void aUsersFurtherRequestsWaitBehindTheirOwn() {
    for (int i = 0; i < 8; i++) {
      ask("ann");
    }
    ask("ben");
    assertThat(begun).containsExactly("ann0", "ann1", "ann2", "ann3", "ann4", "ann5", "ben8");

    underWay.get(2).complete("done");

    until(() -> begun.contains("ann6"));
    assertThat(begun).doesNotContain("ann7");
    for (int i = 0; i < 9; i++) {
      underWay.get(i).tryComplete("done");
    }
    until(() -> shares.isIdle());
    assertThat(begun).contains("ann7");
  }

  @Test
  void anotherInstanceHasPlacesOfItsOwn() {
    for (int i = 0; i < 8; i++) {
      ask("ann");
    }

    ask("other", "ann", Future.future(never -> { }));

    assertThat(shares.held("other", "ann")).isEqualTo(1);
  }

  @Attack(30)
  @Test
  void noMoreThanSoManyWait() {
    for (int i = 0; i < 6 + MAX_WAITING; i++) {
      ask("ann");
    }

    Future<String> tooMany = ask("ann");

    assertThat(tooMany.failed()).isTrue();
    assertThat(((ApiException) tooMany.cause()).code()).isEqualTo(ApiException.Code.TOO_MANY_REQUESTS);
    assertThat(ask("ben").isComplete()).isFalse();
    assertThat(begun).contains("ben27");
  }

  @Test
  void whoWaitsTooLongIsToldSo() {
    shares = new FairShares(vertx, 2, MAX_WAITING, Duration.ofMillis(50));
    ask("ann");

    Future<String> waits = ask("ann");

    until(waits::isComplete);
    assertThat(((ApiException) waits.cause()).code()).isEqualTo(ApiException.Code.BUSY);
    underWay.get(0).complete("done");
    until(() -> shares.isIdle());
    assertThat(begun).containsExactly("ann0");
  }

  @Test
  void whoHasGoneGetsNoTurn() {
    shares = new FairShares(vertx, 2, MAX_WAITING, Duration.ofSeconds(60));
    ask("ann");
    Promise<Void> gone = Promise.promise();
    Future<String> waits = ask("gpu", "ann", gone.future());
    ask("ann");

    gone.complete();
    until(waits::failed);
    underWay.get(0).complete("done");

    until(() -> begun.contains("ann2"));
    assertThat(begun).containsExactly("ann0", "ann2");
  }

  @Test
  void whatFailsGivesItsPlaceBack() {
    Future<String> failed = shares.with("gpu", "ann", Future.future(never -> { }), () -> {
      throw EdgeErrors.bodyBroken();
    });

    assertThat(failed.failed()).isTrue();
    assertThat(shares.isIdle()).isTrue();
  }

  private Future<String> ask(String user) {
    return ask("gpu", user, Future.future(never -> { }));
  }

  private Future<String> ask(String instance, String user, Future<Void> gone) {
    Promise<String> answer = Promise.promise();
    String name = user + underWay.size();
    underWay.add(answer);
    return shares.with(instance, user, gone, () -> {
      begun.add(name);
      return answer.future();
    });
  }
}
