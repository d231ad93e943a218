package io.anteroom.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What one log says from now on, as long as it is listened to. */
public final class LogLines implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> listener = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
    }
  };
  private final Logger log;
  private final Level before;

  /** @param name of the log */
  public LogLines(String name) {
    log = (Logger) LoggerFactory.getLogger(name);
    before = log.getLevel();
    log.setLevel(Level.INFO);
    listener.start();
    log.addAppender(listener);
  }

  /** All so far, without time and level. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    log.detachAppender(listener);
    log.setLevel(before);
  }
}
