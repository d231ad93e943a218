package io.anteroom.trial.checker;

import io.anteroom.redis.QueueAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the store and the logs of the nodes have of one task. */
public final class TaskTimeline implements UnaryOperator<String> {
  private final QueueAudit audit;
  private final Path logs;

  public TaskTimeline(QueueAudit audit, Path logs) {
    this.audit = audit;
    this.logs = logs;
  }

  @Override
  public String apply(String task) {
    try (Stream<Path> files = Files.list(logs)) {
      return audit.story(task) + "\n"
        + files.flatMap(file -> lines(file, task).stream()).sorted().collect(Collectors.joining("\n"));
    } catch (IOException failure) {
      return "no logs: " + failure;
    }
  }

  private static List<String> lines(Path log, String task) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(task)).map(line -> line + " [" + log.getFileName() + "]").toList();
    } catch (IOException | RuntimeException unreadable) {
      return List.of();
    }
  }
}
