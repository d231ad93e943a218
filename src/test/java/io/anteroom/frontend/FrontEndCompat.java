package io.anteroom.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.browser.FrontEnds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What takes too long for every build, {@code ./mvnw verify -Pcompat}: the pages between oldest and newest. */
class FrontEndCompat {
  private static final Logger log = LoggerFactory.getLogger(FrontEndCompat.class);

  private static final Path TABLE = Path.of("target", "compatibility.md");
  /** The last release of every second line or so, and those that the other tests are about. */
  private static final List<String> VERSIONS = List.of("1.27.10", "1.28.9", "1.30.6", "1.32.10", "1.33.13", "1.34.9",
    "1.35.9", "1.36.14", "1.38.14", "1.40.10", "1.42.15", "1.43.18", "1.45.21", "1.48.7", "1.51.10", "1.53.10",
    "1.55.18", "1.58.1");
  private static final List<String> TESTED = List.of("1.27.10", "1.35.9", "1.45.21", "1.58.1");

  @Nested
  class Second extends FrontEndScenarios {
    Second() {
      super("1.35.9");
    }
  }

  @Nested
  class Third extends FrontEndScenarios {
    Third() {
      super("1.45.21");
    }
  }

  /** Writes the table; only the versions that are tested all the time must pass all of it. */
  @Test
  void everyVersionIsTriedAndTheTableWritten() throws IOException {
    List<String> table = new ArrayList<>(List.of(
      "| front end | simulated ComfyUI | starts | queues | panel | cancel | reload |",
      "| --- | --- | --- | --- | --- | --- | --- |"));
    List<String> failed = new ArrayList<>();

    for (String version : VERSIONS) {
      String row = row(version);
      table.add(row);
      if (TESTED.contains(version) && row.contains("| no")) {
        failed.add(row);
      }
      Files.write(TABLE, table);
    }

    assertThat(failed).isEmpty();
  }

  private static String row(String version) {
    FrontEndScenarios scenarios = new FrontEndScenarios(version) { };
    scenarios.open();
    try {
      String starts = verdict(scenarios, scenarios::pageLoadsBelowItsAddressAndComplainsOfNothingNew);
      if (starts.equals("no")) {
        return "| %s | %s | no | | | | |".formatted(version, FrontEnds.of(version).comfy());
      }
      return "| %s | %s | %s | %s | %s | %s | %s |".formatted(version, FrontEnds.of(version).comfy(), starts,
        verdict(scenarios, scenarios::twoStudentsSideBySideSeeEachTheirOwn),
        verdict(scenarios, scenarios::runIsShownWaitingThenRunningThenDoneWithItsPicture),
        verdict(scenarios, scenarios::waitingRunIsCancelledInThePanel, scenarios::runningOneIsCancelledInThePanel),
        verdict(scenarios, scenarios::reloadInTheMiddleLosesNothing));
    } finally {
      scenarios.close();
    }
  }

  private static String verdict(FrontEndScenarios scenarios, Runnable... trials) {
    String verdict = "yes";
    for (Runnable trial : trials) {
      try {
        trial.run();
      } catch (RuntimeException | AssertionError failure) {
        log.warn("A front end failed a trial", failure);
        verdict = "no";
      } finally {
        scenarios.leave();
      }
    }
    return verdict;
  }
}
