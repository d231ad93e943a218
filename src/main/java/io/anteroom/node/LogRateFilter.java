package io.anteroom.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.anteroom.identity.AuditLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Limits the rate of log lines, so that no instance, browser or student can flood the log. An identical warning is
 * written once a minute, one format string a fixed number of times; then the number of suppressed lines follows.
 *
 * <p>Configured in {@code logback.xml}. The logger {@code audit} is exempt.
 */
public final class LogRateFilter extends Filter<ILoggingEvent> {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Marker COUNT = MarkerFactory.getMarker("REPEATS");
  /** Libraries format values into the message itself. */
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int MAX_SHOWN = 300;

  private static final int MAX_WARNINGS = 30;
  /** Enough for the lines of a whole class that starts its runs together. */
  private static final int MAX_OTHERS = 600;
  private static final int MAX_KNOWN = 1_000;

  private long window = TimeUnit.MINUTES.toMillis(1);
  /** By format string, and by full text; oldest first. Guarded by this. */
  private final Map<String, Count> sentences = new LinkedHashMap<>();
  private final Map<String, Count> texts = new LinkedHashMap<>();

  /** How often a line was logged since a moment. */
  private static final class Count {
    private final ILoggingEvent first;
    private final long began;
    private int passed;
    private int suppressed;

    private Count(ILoggingEvent first) {
      this.first = first;
      this.began = first.getTimeStamp();
    }

    private FilterReply take(int limit) {
      if (passed < limit) {
        passed++;
        return FilterReply.NEUTRAL;
      }
      suppressed++;
      return FilterReply.DENY;
    }
  }

  /** For {@code logback.xml}: the length of the window, a minute by default. */
  public void setWindowMillis(long millis) {
    window = millis;
  }

  @Override
  public void start() {
    context.getScheduledExecutorService().scheduleAtFixedRate(this::logCounts, window / 4, window / 4,
      TimeUnit.MILLISECONDS);
    super.start();
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    boolean isCount = event.getMarkerList() != null && event.getMarkerList().contains(COUNT);
    if (isCount || event.getLoggerName().equals(AuditLog.NAME)) {
      return FilterReply.NEUTRAL;
    }
    return count(event);
  }

  private synchronized FilterReply count(ILoggingEvent event) {
    boolean isWarning = event.getLevel().isGreaterOrEqual(Level.WARN);
    String source = event.getLoggerName() + " " + event.getLevel() + " ";
    if (isWarning && of(texts, source + text(event), event).take(1) == FilterReply.DENY) {
      return FilterReply.DENY;
    }
    String sentence = NUMBER.matcher(shortened(String.valueOf(event.getMessage()))).replaceAll("#");
    return of(sentences, source + sentence, event).take(isWarning ? MAX_WARNINGS : MAX_OTHERS);
  }

  /** Evicts the oldest when there are too many. */
  private static Count of(Map<String, Count> counts, String key, ILoggingEvent event) {
    Count count = counts.computeIfAbsent(key, unknown -> new Count(event));
    if (counts.size() > MAX_KNOWN) {
      counts.remove(counts.keySet().iterator().next());
    }
    return count;
  }

  private static String text(ILoggingEvent event) {
    String thrown = event.getThrowableProxy() == null ? "" : " " + event.getThrowableProxy().getClassName()
      + ": " + event.getThrowableProxy().getMessage();
    return shortened(event.getFormattedMessage() + thrown);
  }

  private static String shortened(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  private void logCounts() {
    over(CLOCK.millis()).forEach(count ->
      ((LoggerContext) context).getLogger(count.first.getLoggerName()).log(COUNT, LogRateFilter.class.getName(),
        Level.toLocationAwareLoggerInteger(count.first.getLevel()), "… {} more in the last minute, like: {}",
        new Object[] {count.suppressed, text(count.first)}, null));
  }

  /** Removes the counts whose window is over; returns those with suppressed lines. */
  private synchronized List<Count> over(long now) {
    List<Count> ended = new ArrayList<>();
    for (Map<String, Count> counts : List.of(sentences, texts)) {
      for (Iterator<Count> all = counts.values().iterator(); all.hasNext();) {
        Count count = all.next();
        if (now - count.began >= window) {
          all.remove();
          if (count.suppressed > 0) {
            ended.add(count);
          }
        }
      }
    }
    return ended;
  }
}
