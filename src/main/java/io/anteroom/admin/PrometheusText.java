package io.anteroom.admin;

import io.anteroom.metrics.Figure;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures as Prometheus reads them. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PREFIX = "anteroom_";

  private PrometheusText() {
  }

  static String of(Map<String, Long> figures) {
    return figures.entrySet().stream()
      .map(figure -> head(figure.getKey()) + PREFIX + figure.getKey() + " " + figure.getValue() + "\n")
      .collect(Collectors.joining());
  }

  private static String head(String name) {
    return Figure.of(name)
      .map(figure -> "# HELP %1$s%2$s %3$s\n# TYPE %1$s%2$s %4$s\n".formatted(PREFIX, name, figure.meaning(),
        figure.kind().onlyGrows() ? "counter" : "gauge"))
      .orElse("");
  }
}
