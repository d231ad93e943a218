package io.anteroom.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What one log says from now on, and all below it. */
public final class LogLines implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> listener = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
      if (event.getLevel() == Level.ERROR) {
        errors.add(event.getFormattedMessage());
      }
    }
  };
  private final Logger log;

  /** @param name of the log */
  public LogLines(String name) {
    log = (Logger) LoggerFactory.getLogger(name);
    listener.start();
    log.addAppender(listener);
  }

  /** The log of a class. */
  public LogLines(Class<?> speaker) {
    this(speaker.getName());
  }

  /** All so far, without time and level. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  /** Those of them that are errors. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() {
    log.detachAppender(listener);
  }
}
