package io.anteroom.support.redis;

import io.anteroom.redis.model.ScriptVerbs;
import io.anteroom.support.redis.RelayFaults.Fate;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One connection through a {@link RedisRelay}: a thread for the requests, a thread for the answers. */
final class RelayedLine {
  private final Socket client;
  private final Socket redis;
  private final RelayFaults faults;
  /** The verbs of what was asked and is not answered; empty for what is no script. */
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  RelayedLine(Socket client, Socket redis, RelayFaults faults) throws IOException {
    this.client = client;
    this.redis = redis;
    this.faults = faults;
    client.setTcpNoDelay(true);
    redis.setTcpNoDelay(true);
  }

  void open() {
    start("relay-requests", this::passRequests);
    start("relay-answers", this::passAnswers);
  }

  /** Ends both sides at once. What is on its way to Redis still arrives there. */
  void close() {
    for (Socket side : List.of(client, redis)) {
      try {
        side.close();
      } catch (IOException closedAlready) {
        continue;
      }
    }
  }

  private void passRequests() throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    while (true) {
      RespFrame request = RespFrame.read(in);
      Thread.sleep(faults.delay().toMillis());
      asked.put(verbOf(request));
      redis.getOutputStream().write(request.bytes());
    }
  }

  private void passAnswers() throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(redis.getInputStream());
    while (true) {
      RespFrame answer = RespFrame.read(in);
      String verb = asked.take();
      boolean tookEffect = !verb.isEmpty() && !answer.isError() && !(verb.equals("claim") && answer.isNothing());
      if (tookEffect) {
        faults.mayHold(verb);
      }
      Fate fate = tookEffect ? faults.fateOf(verb) : Fate.PASSES;
      client.getOutputStream().write(fate == Fate.PASSES ? answer.bytes() : left(fate, answer.bytes()));
      if (fate != Fate.PASSES) {
        return;
      }
    }
  }

  private static byte[] left(Fate fate, byte[] answer) {
    return fate == Fate.CUT ? Arrays.copyOf(answer, answer.length / 2) : new byte[0];
  }

  private static String verbOf(RespFrame request) {
    List<String> texts = request.texts();
    boolean runsScript = texts.size() > 1 && texts.get(0).toUpperCase(Locale.ROOT).startsWith("EVAL");
    return Optional.of(texts).filter(any -> runsScript).flatMap(said -> ScriptVerbs.of(said.get(1))).orElse("");
  }

  private void start(String name, Direction direction) {
    Thread thread = new Thread(() -> {
      try {
        direction.pass();
      } catch (IOException | InterruptedException ended) {
        Thread.currentThread().interrupt();
      } finally {
        close();
      }
    }, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** One way along the line. */
  private interface Direction {
    void pass() throws IOException, InterruptedException;
  }
}
