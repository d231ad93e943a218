package io.anteroom.simulator.http;

import io.anteroom.simulator.files.FileStore.StoredFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends a file as aiohttp does: validators, 304, and a single range. */
public final class FileResponse {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private FileResponse() {
  }

  public static void send(RoutingContext ctx, StoredFile file, String contentType) {
    Buffer content = file.content();
    HttpServerResponse response = ctx.response();
    String tag = "\"%x-%x\"".formatted(nanos(file.modified()), content.length());
    response.putHeader("Etag", tag)
      .putHeader("Last-Modified", HTTP_DATE.format(file.modified()))
      .putHeader("Accept-Ranges", "bytes");
    if (isKnown(ctx, tag, file.modified())) {
      SimulatorRoutes.answerEmpty(ctx, 304);
      return;
    }
    if (!response.headers().contains("Content-Type")) {
      response.putHeader("Content-Type", contentType);
    }
    String range = ctx.request().getHeader("Range");
    if (range == null) {
      response.end(content).onFailure(ctx::fail);
    } else {
      sendRange(ctx, content, RANGE.matcher(range));
    }
  }

  private static void sendRange(RoutingContext ctx, Buffer content, Matcher range) {
    boolean asked = range.matches() && !(range.group(1).isEmpty() && range.group(2).isEmpty());
    int size = content.length();
    int from = !asked ? size : range.group(1).isEmpty()
      ? Math.max(0, size - number(range.group(2))) : number(range.group(1));
    int to = !asked || range.group(1).isEmpty() || range.group(2).isEmpty()
      ? size - 1 : Math.min(size - 1, number(range.group(2)));
    if (from > to) {
      ctx.response().putHeader("Content-Range", "bytes */" + size);
      SimulatorRoutes.answerEmpty(ctx, 416);
      return;
    }
    ctx.response().setStatusCode(206).putHeader("Content-Range", "bytes %d-%d/%d".formatted(from, to, size))
      .end(content.slice(from, to + 1))
      .onFailure(ctx::fail);
  }

  private static int number(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static boolean isKnown(RoutingContext ctx, String tag, Instant modified) {
    String tags = ctx.request().getHeader("If-None-Match");
    if (tags != null) {
      return tags.equals("*") || tags.contains(tag);
    }
    String since = ctx.request().getHeader("If-Modified-Since");
    return since != null && since.equals(HTTP_DATE.format(modified.truncatedTo(ChronoUnit.SECONDS)));
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
