package io.anteroom.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import io.anteroom.attack.Attack;
import io.anteroom.support.Awaited;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody outside fills the log, and what is left out of it is counted. */
class LogRateFilterTest {
  private static final int FLOOD = 1_000;

  private final LoggerContext logs = new LoggerContext();

  @AfterEach
  void stop() {
    logs.stop();
  }

  /** {@code #} is another number each time; through the settings of the log that a node really has. */
  @Attack(40)
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "io.anteroom.edge.http.EdgeErrors.InstanceFailure | WARN | A request to an instance failed: cause={} | gpu-1 | 1",
    "io.anteroom.edge.http.EdgeErrors.InstanceFailure | WARN | A request to an instance failed: cause={} | gpu-# | 30",
    "io.anteroom.edge.http.Responses | ERROR | A request failed: path={} | /x# | 30",
    "io.anteroom.queueapi.SubmitHandler | INFO | Task queued: task={} | # | 600",
    "io.vertx.core.http.impl.HttpClientResponseImpl | ERROR | Stream reset: 0 | x | 1",
    "io.vertx.core.impl.ContextImpl | ERROR | Unhandled exception | x | 1",
    "io.vertx.core.internal.threadchecker.BlockedThreadChecker | WARN | Thread has been blocked for # ms | x | 30",
    "audit | INFO | Signed in: user={} | ann | 1000",
    "audit | WARN | Sign-in refused: user={} | ann | 1000",
  })
  void ofAFloodSomeLinesAreWritten(String speaker, String level, String sentence, String said, int lines)
      throws JoranException {
    JoranConfigurator settings = new JoranConfigurator();
    settings.setContext(logs);
    settings.doConfigure(Path.of("src", "main", "resources", "logback.xml").toFile());
    ConsoleAppender<ILoggingEvent> console =
      (ConsoleAppender<ILoggingEvent>) logs.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("lines");

    long written = IntStream.range(0, FLOOD)
      .mapToObj(i -> new LoggingEvent("x", logs.getLogger(speaker), Level.toLevel(level),
        sentence.replace("#", String.valueOf(i)), new IllegalStateException("broken"),
        new Object[] {said.replace("#", String.valueOf(i))}))
      .filter(event -> console.getFilterChainDecision(event) != FilterReply.DENY)
      .count();

    assertThat(written).isEqualTo(lines);
  }

  @Test
  void whatWasLeftOutIsCounted() {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Logger log = limited(lines);

    for (int i = 0; i < 38; i++) {
      log.warn("A request to an instance failed: instance={}", "gpu-1");
    }

    Awaited.until(() -> lines.size() == 2);
    assertThat(List.copyOf(lines)).containsExactly("A request to an instance failed: instance=gpu-1",
      "… 37 more in the last minute, like: A request to an instance failed: instance=gpu-1");
    log.warn("A request to an instance failed: instance={}", "gpu-1");
    assertThat(lines).hasSize(3);
  }

  @Test
  void whatIsSaidOnceIsNotCounted() {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Logger log = limited(lines);

    log.warn("Lost Redis");
    log.warn("Redis answers again");
    for (int i = 0; i < 3; i++) {
      Awaited.until(() -> true);
    }

    assertThat(lines).hasSize(2);
  }

  /** A log of which half a second is a minute. */
  private Logger limited(Queue<String> lines) {
    AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
      }
    };
    LogRateFilter filter = new LogRateFilter();
    filter.setWindowMillis(500);
    filter.setContext(logs);
    appender.setContext(logs);
    appender.addFilter(filter);
    filter.start();
    appender.start();
    Logger log = logs.getLogger("io.anteroom.edge.http.EdgeErrors.InstanceFailure");
    log.addAppender(appender);
    return log;
  }
}
