package io.anteroom.trial.checker;

import io.anteroom.trial.TrialSettings;
import io.anteroom.trial.checker.Invariant.Finding;
import io.anteroom.trial.checker.Invariant.Violation;
import io.anteroom.trial.checker.RecoveryTimes.Times;
import io.anteroom.trial.generator.Demand;
import io.anteroom.trial.nemesis.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The result of a trial, for people: printed, and written to a file. */
public final class TrialReport {
  private static final int SHOWN = 10;

  private final TrialSettings settings;
  private final Evidence evidence;
  private final List<Finding> findings;
  private final UnaryOperator<String> timeline;
  private final Demand demand;

  /** @param timeline gives all that is known of a task */
  public TrialReport(TrialSettings settings, Evidence evidence, List<Finding> findings, UnaryOperator<String> timeline,
      Demand demand) {
    this.demand = demand;
    this.settings = settings;
    this.evidence = evidence;
    this.findings = findings;
    this.timeline = timeline;
  }

  public String text() {
    return "# Trial: %s%n%n%s%n## Promises%n%n%s%n## Faults and recovery%n%n%s%n## Students%n%n%s%n".formatted(
      isKept() ? "every promise was kept" : "promises were broken", circumstances(), promises(), faults(), counts());
  }

  public boolean isKept() {
    return findings.stream().allMatch(Finding::isKept);
  }

  public void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String circumstances() {
    return "%s; %,d faults; on this machine every promised time may be exceeded by %.1f s%n".formatted(settings,
      evidence.faults().size(), evidence.machine().toMillis() / 1e3);
  }

  private String promises() {
    StringBuilder text = new StringBuilder();
    for (int number = 1; number <= findings.size(); number++) {
      Finding finding = findings.get(number - 1);
      text.append("%d. %s%n".formatted(number, finding));
      finding.violations().stream().limit(SHOWN).forEach(violation -> text.append(shown(violation)));
    }
    return text.toString();
  }

  private String shown(Violation violation) {
    String about = violation.task().isEmpty() ? "" : violation.task() + " ";
    return "   - %s%s%n%s".formatted(about, violation.what(), violation.task().isEmpty() ? ""
      : timeline.apply(violation.task()).lines().map("     > %s%n"::formatted).collect(Collectors.joining()));
  }

  private String faults() {
    RecoveryTimes recovery = new RecoveryTimes(evidence.runs(), TrialSettings.LIMIT, demand);
    Map<String, Times> places = recovery.places(evidence.faults());
    Map<String, Times> instances = recovery.instances(evidence.faults());
    Map<String, String> descriptions = new TreeMap<>();
    Fault.all().forEach(fault -> descriptions.put(fault.word(), fault.description()));
    StringBuilder text = new StringBuilder("| fault | times | places in full use again, median | worst | its instance "
      + "again, median | worst |\n| --- | --- | --- | --- | --- | --- |\n");
    descriptions.forEach((kind, what) -> text.append("| %s: %s | %d | %s | %s |%n".formatted(kind, what,
      places.containsKey(kind) ? places.get(kind).seconds().size() : 0, inWords(places.get(kind)),
      inWords(instances.get(kind)))));
    return text.toString();
  }

  private static String inWords(Times times) {
    return times == null ? " | " : "%.1f s | %.1f s".formatted(times.median(), times.worst());
  }

  private String counts() {
    return new TreeMap<>(evidence.history().counts()).entrySet().stream()
      .map(what -> "- %s: %,d%n".formatted(what.getKey(), what.getValue().sum())).collect(Collectors.joining());
  }
}
