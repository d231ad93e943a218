package io.anteroom.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** Attacks on whoever reads the log, through the settings of the log that a node really has. */
class LogAttacksTest {
  private final LoggerContext logs = new LoggerContext();
  private ConsoleAppender<ILoggingEvent> lines;

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator settings = new JoranConfigurator();
    settings.setContext(logs);
    settings.doConfigure(Path.of("src", "main", "resources", "logback.xml").toFile());
    lines = (ConsoleAppender<ILoggingEvent>) logs.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("lines");
  }

  @AfterEach
  void stop() {
    logs.stop();
  }

  /** A path, a user, a header, a workflow, or what an instance answers: all of it ends in a message or an exception. */
  @Attack(40)
  @ParameterizedTest
  @ValueSource(strings = {
    "a\n2026-11-25T00:00:00.000Z ERROR forged", "a\r\nforged", "a\rforged", "a\u000bforged", "a\fforged",
    "a\u0085forged",
    "a\u2028forged", "a\u2029forged", "\u001b[2Kforged", "\u001b]0;forged\u0007", "\u009b2J", "a\bforged", "a\0forged",
    "a\u007f", "a\u202eforged", "a\u2066forged", "a\tforged",
  })
  void whateverIsSaidStaysWithinItsLineAndLeavesTheTerminalAlone(String said) {
    String line = line("A request could not be read: path={}", said, null);
    String withCause = line("It failed", "", new IllegalStateException(said, new IllegalArgumentException(said)));

    assertThat(line).startsWith("20").endsWith("\n").contains("path=");
    for (String written : List.of(line, withCause)) {
      assertThat(written.strip()).matches("[\\P{Cntrl}&&[^\\x80-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]]*");
    }
  }

  @Attack(40)
  @Test
  void whatIsOnlyForeignStaysReadable() {
    assertThat(line("A workflow is called {}", "猫と犬 \"été\" 🐈 100%", null)).contains("猫と犬 \"été\" 🐈 100%");
  }

  private String line(String message, String said, Throwable cause) {
    LoggingEvent event = new LoggingEvent("x", logs.getLogger("io.anteroom.edge.http.Responses"), Level.WARN, message,
      cause,
      new Object[] {said});
    return new String(lines.getEncoder().encode(event), UTF_8);
  }
}
