package io.anteroom.simulator.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.simulator.ledger.RunLedger.Run;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The judge itself: wrong here, every test that trusts it is worth nothing. */
class RunLedgerTest {

  private final RunLedger ledger = new RunLedger(Clock.systemUTC());

  @Test
  void countsWhatOverlapsAndNotWhatFollows() {
    Concurrency concurrency = Concurrency.of(List.of(run(0, 10), run(5, 20), run(10, 30)), 30);

    assertThat(concurrency.most()).isEqualTo(2);
    assertThat(concurrency.at(3)).isEqualTo(1);
    assertThat(concurrency.at(10)).isEqualTo(2);
    assertThat(concurrency.at(30)).isZero();
    assertThat(concurrency.leastBetween(5, 20)).isEqualTo(2);
    assertThat(concurrency.leastBetween(4, 20)).isEqualTo(1);
    assertThat(concurrency.timeAt(2)).isEqualTo(Duration.ofNanos(15));
    assertThat(concurrency.timeAtLeast(1)).isEqualTo(Duration.ofNanos(30));
  }

  @Test
  void tellsForHowLongTheLimitWasNotUsed() {
    Concurrency concurrency = Concurrency.of(List.of(run(0, 10), run(0, 12), run(12, 30), run(15, 30)), 40);

    assertThat(concurrency.gapsBelow(2)).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void runThatGoesOnCountsUntilNow() {
    begin(ledger, "comfy-1", "a");
    begin(ledger, "comfy-2", "b");

    assertThat(ledger.mostAtOnce()).isEqualTo(2);
    assertThat(ledger.mostAtOnceOn("comfy-1")).isEqualTo(1);
    assertThat(ledger.runningNow()).isEqualTo(2);
    assertThat(ledger.concurrency().timeAt(2)).isPositive();
  }

  @Test
  void findsWhatRanTwice() {
    ledger.end(begin(ledger, "comfy-1", "a"), Run.Outcome.KILLED);
    ledger.end(begin(ledger, "comfy-2", "a"), Run.Outcome.SUCCESS);
    ledger.end(begin(ledger, "comfy-1", "b"), Run.Outcome.SUCCESS);

    assertThat(ledger.ranTwice()).containsExactly("a");
  }

  @Test
  void firstEndOfARunCounts() {
    long run = begin(ledger, "comfy-1", "a");
    ledger.end(run, Run.Outcome.SUCCESS);
    ledger.end(run, Run.Outcome.KILLED);

    assertThat(ledger.runsOf("a")).extracting(Run::outcome).containsExactly(Run.Outcome.SUCCESS);
  }

  @Test
  void isTheSameInAnotherProcess() {
    ledger.end(begin(ledger, "comfy-1", "a"), Run.Outcome.INTERRUPTED);
    begin(ledger, "comfy-1", "b");

    RunLedger read = RunLedger.fromJson(new JsonObject(ledger.toJson().encode()));

    assertThat(read.runs()).isEqualTo(ledger.runs());
    assertThat(read.runsOf("a").get(0).task()).isEqualTo("task-1");
    assertThat(read.runsOf("a").get(0).attempt()).isEqualTo(2);
  }

  private static Run run(long begin, long end) {
    return new Run("comfy-1", "id", null, null, null, begin, 0, OptionalLong.of(end), Run.Outcome.SUCCESS);
  }

  private static long begin(RunLedger ledger, String instance, String promptId) {
    return ledger.begin(instance, promptId, null, JsonObject.of("task", "task-1", "attempt", 2));
  }
}
