package io.anteroom.support.redis;

import io.anteroom.redis.RedisEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The line between nodes and Redis, in the hands of a test: it breaks in all the ways in which a network does.
 *
 * <p>Give its {@link #access} to nodes instead of that of Redis. Only answers to scripts that took effect are lost, cut
 * or held; what else a client says when it connects passes. A verb is the name of a script: {@code claim}, {@code
 * hand_over}, and so on.
 */
public final class RedisRelay implements AutoCloseable {
  private final URI redis;
  private final ServerSocket door;
  private final RelayFaults faults = new RelayFaults();
  private final Set<RelayedLine> lines = ConcurrentHashMap.newKeySet();
  private volatile boolean away;

  private RedisRelay(URI redis, ServerSocket door) {
    this.redis = redis;
    this.door = door;
  }

  /** A relay on a free port that leads to this Redis; it may be away at the moment. */
  public static RedisRelay to(RedisEndpoint redis) {
    try {
      RedisRelay relay = new RedisRelay(URI.create(redis.urls().get(0)),
        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread doorman = new Thread(relay::letIn, "redis-relay");
      doorman.setDaemon(true);
      doorman.start();
      return relay;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** How to reach Redis through it. */
  public RedisEndpoint access() {
    String secret = redis.getUserInfo() == null ? "" : redis.getUserInfo() + "@";
    return RedisEndpoint.standalone("redis://" + secret + "127.0.0.1:" + door.getLocalPort());
  }

  /** Cuts every connection, whatever is on its way; new ones are let in. */
  public void cut() {
    lines.forEach(RelayedLine::close);
    lines.clear();
  }

  /** Cuts every connection and lets nobody in until {@link #back}. */
  public void away() {
    away = true;
    cut();
  }

  public void back() {
    away = false;
  }

  /** The next so many scripts take effect, but each answer is swallowed and its connection cut. */
  public void loseAnswers(int count) {
    faults.lose(RelayFaults.ANY, count);
  }

  /** The same for the next so many of this verb only. */
  public void loseAnswers(String verb, int count) {
    faults.lose(verb, count);
  }

  /** The next so many scripts of this verb take effect; their connections are cut in the middle of the answer. */
  public void cutAnswers(String verb, int count) {
    faults.cut(verb, count);
  }

  /** How many answers were lost or cut so far. */
  public int lost() {
    return faults.lost();
  }

  /** Every request waits so long before it goes on to Redis, those behind it wait as well. */
  public void delay(Duration each) {
    faults.delay(each);
  }

  /** The next script of this verb takes effect, but its answer, and what follows on its connection, is held back. */
  public void hold(String verb) {
    faults.hold(verb);
  }

  /** Whether an answer is being held now. */
  public boolean holds() {
    return faults.holds();
  }

  /** Lets go what is held. */
  public void release() {
    faults.release();
  }

  /** Takes back all that was ordered. */
  public void heal() {
    faults.heal();
    back();
  }

  @Override
  public void close() {
    try {
      heal();
      door.close();
      cut();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void letIn() {
    while (!door.isClosed()) {
      try {
        connect(door.accept());
      } catch (IOException closed) {
        continue;
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      RelayedLine line = new RelayedLine(client, new Socket(redis.getHost(), redis.getPort()), faults);
      lines.add(line);
      line.open();
      if (away) {
        cut();
      }
    } catch (IOException redisIsAway) {
      client.close();
    }
  }
}
