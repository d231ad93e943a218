package io.anteroom.trial.nemesis;

import io.anteroom.support.Workflows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Random;
import java.util.stream.IntStream;

/** A workflow with strings of a million letters in its picture's metadata, made while it is sent. */
final class LargeWorkflow {
  private static final int LETTERS = 1_000_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final byte[] head;
  private final byte[] string;
  private final int strings;

  LargeWorkflow(String task, double megabytes, int seed) {
    this.head = """
        {"prompt_id":"%s","client_id":"heavy","prompt":%s,"extra_data":{"extra_pnginfo":{"workflow":{"x":["\
        """.formatted(task, Workflows.lasting(0.3).encode()).getBytes(StandardCharsets.UTF_8);
    this.string = new byte[LETTERS + 3];
    Random random = new Random(seed);
    for (int i = 0; i < LETTERS; i++) {
      string[i] = (byte) ('a' + random.nextInt(26));
    }
    System.arraycopy("\",\"".getBytes(StandardCharsets.US_ASCII), 0, string, LETTERS, 3);
    this.strings = (int) (megabytes * 1_000_000 / string.length);
  }

  /** Answers the status, or 0 when there was no answer. */
  int post(String url) {
    byte[] tail = "\"]}}}}".getBytes(StandardCharsets.US_ASCII);
    long length = head.length + (long) strings * string.length + tail.length;
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT)
      .header("Content-Type", "application/json")
      .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> content(tail)), length)).build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException noAnswer) {
      return 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private InputStream content(byte[] tail) {
    Enumeration<InputStream> parts = Collections.enumeration(IntStream.rangeClosed(-1, strings)
      .<InputStream>mapToObj(part -> new ByteArrayInputStream(part < 0 ? head : part < strings ? string : tail))
      .toList());
    return new SequenceInputStream(parts);
  }
}
