package io.anteroom.redis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names of all keys of Anteroom in Redis; the scripts get them from here.
 *
 * <p>The hash tag keeps all of them in one slot of a Redis Cluster, so that one script may touch them all. A name that
 * ends in a colon is followed by a user, a task id, an instance or a pool.
 */
public enum RedisKeys {
  /**
   * HASH of the limits in force and the counters: limit, configured, user_running, lease_ms, v, seq, fence, …; of
   * the data: store (their name), format, run_id of the Redis for which the instances were read, and when (recovered);
   * of the configuration: the version of the list of instances in force (list).
   */
  LIMITS("limits"),
  /** ZSET of every waiting task that is counted, by its start tag: the rank is the position. */
  ORDER("order"),
  /** ZSET of the task that each pool with a free slot would start next, by its start tag. */
  READY("ready"),
  /** HASH of pool to its member of {@link #READY}. */
  FIRSTS("firsts"),
  /** ZSET per pool of the first task of each of its users who may start one, by its start tag. */
  HEADS("heads:"),
  /** ZSET of every waiting task, counted or not, by the time of its submit in ms. */
  WAITING("waiting"),
  /** ZSET of every task that has a permit, by the end of its lease in ms; 0 when it was handed over. */
  PROCESSING("processing"),
  /** HASH of instance to how many tasks run on it. */
  SLOTS("slots"),
  /**
   * HASH per task: user, state, number, member, tag, attempts, of these unspent, times; of its claim: owner, fence,
   * stage, instance, its address at that time, when the instance got it (tried); the fence of the last claim that
   * returned it to the queue (given_up); which instance refused it last, and how many runs had ended there
   * (refused_at); the number of its own faults; until when its submitter has no answer (answer_by), or that it was
   * rejected; apart if its secrets have a key of their own; of its request the parts, the length as it is sent, the
   * bytes as it is stored, and the name under which it is kept after the end.
   */
  TASK("task:"),
  /**
   * Per task that has not ended: the request for ComfyUI, without its secrets, compressed and encrypted. STRING for
   * a single part, LIST of the parts of a larger one; in formats before 3 a STRING that is the text itself.
   */
  BODY("body:"),
  /** STRING per task that has not ended and has secrets: the end of its request, in the same form. */
  SECRETS("secrets:"),
  /** LIST, for a minute after the last of them came: the parts of a large request until its submit takes them over. */
  STAGING("staging:"),
  /** HASH of user to the stored bytes of all their {@link #BODY}; the sum of all users: bytes of the limits. */
  BYTES("bytes"),
  /** Per ended task, as long as there is room: its request, in the same form as before. */
  ENDED_BODY("ended-body:"),
  /** ZSET of the names of all {@link #ENDED_BODY}, as id, bytes and user, by the time of their end in ms. */
  ENDED_BODIES("ended-bodies"),
  /** HASH of user to the bytes of all their {@link #ENDED_BODY}; the sum of all users: ended_bytes of the limits. */
  ENDED_BYTES("ended-bytes"),
  /** SET of the users who have a task waiting or running. */
  USERS("users"),
  /**
   * HASH per user: last tag, weight, pool, its member of {@link #HEADS}, why blocked, since when nothing works (out),
   * and the outage to show while all instances in service are on trial.
   */
  USER("user:"),
  /** LIST per user of the ids of waiting tasks, next at the head. */
  QUEUE("queue:"),
  /** ZSET per user of the ids of running tasks, by arrival. */
  RUNNING("running:"),
  /** ZSET per user of the ids of the latest ended tasks, by the time of their end in ms. */
  ENDED("ended:"),
  /** SET of the instances that are configured. */
  INSTANCES("instances"),
  /**
   * HASH per instance: state, since when, reason, how many runs have ended there (ends), faults in a row, time of the
   * last fault (faulted), since when silent, unread until its own queue was read, and while it is configured: pool,
   * slots, address; while it drains: address, and the pool that it has left.
   */
  INSTANCE("instance:"),
  /** SET of the instances that left the list while tasks ran there, until the last of these has ended. */
  DRAINING("draining"),
  /** ZSET per part of the configuration (settings, instances, users) of its versions, by when each was introduced. */
  VERSIONS("versions:"),
  /** ZSET per part of the configuration of the versions that nodes have, by when a node last published it, in ms. */
  TOLD("told:"),
  /** HASH per node, for a month: the version that it published last of each part of the configuration. */
  NODE("node:"),
  /** SET per version of the list of instances, while a node publishes it: name, blank, address of each. */
  LISTED("listed:"),
  /** SET per pool of its instances. */
  POOL("pool:"),
  /** STREAM of former versions that nothing reads; deleted when a node publishes its configuration. */
  EVENTS("events"),
  /** HASH of event of a task, for an end its state, to how often it happened since the store was created. */
  TOTALS("totals"),
  /** STRING with a TTL of seconds: the owner that reads the instances' queues after Redis came back. */
  READER("reader"),
  /** STRING per scope and hash of a token, until it expires: the identity, as JSON. */
  SIGN_IN("sign-in:"),
  /** ZSET per user of the tokens of their sign-ins, by their expiry in ms. */
  SIGN_INS("sign-ins:"),
  /** SET per token, until it expires: the tokens that were opened below it. */
  BELOW("below:"),
  /** HASH of user to the number of the port of their origin. */
  DOORS("doors"),
  /** ZSET of the users who have a port, by their last visit in ms. */
  DOORS_USED("doors-used"),
  /** STRING per user, for a while: since when tokens of other issuers count again, in ms. */
  REVOKED("revoked:"),
  /** STRING per scope and hash of a name, for a while: a text to take once, or the mark of an action done once. */
  KEPT("kept:"),
  /** STRING per scope and hash of a name, for a window: the number of attempts to sign in. */
  ATTEMPTS("attempts:"),
  /** STRING per user: the hash of the password that they have chosen. */
  PASSWORD("password:"),
  /** Never exists: its deletion is a write that changes nothing. */
  NOTHING("nothing");

  /** The format of the data under these keys. Counts up with every change that older scripts would misread. */
  public static final String FORMAT = "3";

  /**
   * The formats that the scripts can read: before 2 a request contained its secrets, and ended tasks kept none; before
   * 3 requests were plain texts.
   */
  static final Set<String> READABLE = Set.of("1", "2", FORMAT);

  private static final String PREFIX = "{anteroom}:";

  private final String key;

  RedisKeys(String name) {
    this.key = PREFIX + name;
  }

  /** The key, or the prefix of the id. */
  public String key() {
    return key;
  }

  /** The key of one user, task, instance or pool. */
  public String of(String id) {
    return key + id;
  }

  /**
   * The names as a Lua table {@code keys}, for instance {@code keys.order}; the {@code FORMAT}, and as a table those
   * that are {@code READABLE}.
   */
  public static String asLua() {
    String formats = READABLE.stream().sorted().map("['%s'] = true"::formatted).collect(Collectors.joining(", "));
    return Arrays.stream(values())
      .map(name -> "%s = '%s'".formatted(name.name().toLowerCase(Locale.ROOT), name.key))
      .collect(Collectors.joining(", ", "local FORMAT, READABLE = '%s', {%s}\nlocal keys = {"
        .formatted(FORMAT, formats), "}\n"));
  }
}
