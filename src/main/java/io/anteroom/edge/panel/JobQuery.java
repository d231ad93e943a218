package io.anteroom.edge.panel;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which jobs are requested, in which order, and which part of the list.
 *
 * <p>Lenient: invalid parameters are passed to the instance, which rejects them in ComfyUI's own words.
 *
 * @param parameters of the request
 * @param statuses empty: all
 * @param limit    empty: all
 */
record JobQuery(MultiMap parameters, Set<String> statuses, Optional<Integer> limit, int offset) {
  private static final String STATUS = "status";
  private static final String WORKFLOW = "workflow_id";
  private static final String LIMIT = "limit";
  private static final String OFFSET = "offset";
  private static final String WHOLE_NUMBER = "\\d{1,6}";
  private static final int MAX_LIMIT = 1_000;

  static JobQuery of(MultiMap parameters) {
    Set<String> statuses = Set.of(parameters.get(STATUS) == null || parameters.get(STATUS).isBlank()
      ? new String[0] : Arrays.stream(parameters.get(STATUS).split(",")).map(String::strip).distinct()
        .toArray(String[]::new));
    return new JobQuery(parameters, statuses, number(parameters, LIMIT).filter(limit -> limit > 0),
      number(parameters, OFFSET).orElse(0));
  }

  /** The same query to an instance, for as many from the first one on as may be needed to fill the part. */
  String forInstance(boolean shared) {
    List<String> pairs = new ArrayList<>();
    parameters.forEach(pair -> {
      if (!isWindow(pair.getKey())) {
        pairs.add(encoded(pair.getKey()) + "=" + encoded(pair.getValue()));
      }
    });
    pairs.add(LIMIT + "=" + (hasValidLimit() ? max(shared) : encoded(parameters.get(LIMIT))));
    return "?" + String.join("&", pairs);
  }

  boolean takes(JsonObject job) {
    String workflow = parameters.get(WORKFLOW);
    return (statuses.isEmpty() || statuses.contains(job.getString(STATUS)))
      && (workflow == null || workflow.isEmpty() || workflow.equals(job.getValue(WORKFLOW)));
  }

  List<JsonObject> sorted(List<JsonObject> jobs) {
    boolean byDuration = "execution_duration".equals(parameters.get("sort_by"));
    Comparator<JsonObject> order = byDuration
      ? Comparator.comparing(job -> number(job, "execution_end_time") - number(job, "execution_start_time"))
      : Comparator.comparing(job -> number(job, "create_time"));
    return jobs.stream().sorted("asc".equals(parameters.get("sort_order")) ? order : order.reversed())
      .collect(Collectors.toList());
  }

  List<JsonObject> part(List<JsonObject> sorted) {
    return sorted.stream().skip(offset).limit(limit.orElse(sorted.size())).toList();
  }

  private boolean hasValidLimit() {
    return parameters.get(LIMIT) == null || limit.isPresent();
  }

  private int max(boolean shared) {
    return shared ? MAX_LIMIT : limit.map(requested -> Math.min(MAX_LIMIT, offset + requested)).orElse(MAX_LIMIT);
  }

  private static boolean isWindow(String name) {
    return name.equals(LIMIT) || name.equals(OFFSET);
  }

  private static Optional<Integer> number(MultiMap parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).filter(text -> text.matches(WHOLE_NUMBER)).map(Integer::valueOf);
  }

  private static long number(JsonObject job, String name) {
    return job.getValue(name) instanceof Number number ? number.longValue() : 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
