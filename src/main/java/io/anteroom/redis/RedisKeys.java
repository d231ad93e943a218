package io.anteroom.redis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names every key that Anteroom keeps in Redis; the scripts get these names from here.
 *
 * <p>The hash tag keeps all of them in one slot of a Redis Cluster, so that one script may touch them all. A name that
 * ends in a colon is followed by a user, a task id, an instance or a pool.
 */
public enum RedisKeys {
  /**
   * HASH of the limits in force and the counters: limit, configured, user_running, lease_ms, v, seq, fence, …; of
   * the data: store (their name), format, run_id of the Redis for which the instances were read, and when they were:
   * recovered; of the configuration: the version of the list of instances in force (list).
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
  /** ZSET of every task that has a place, by the end of its lease in ms; 0 when it was handed over. */
  PROCESSING("processing"),
  /** HASH of instance to how many tasks run on it. */
  SLOTS("slots"),
  /**
   * HASH per task: user, state, number, member, tag, attempts, of these unspent, times; of its claim: owner, fence,
   * stage, instance, its address at that time, when it was given to the instance (tried); the fence that was given_up
   * when it was given back; by which instance it was refused last, and how many runs had ended there (refused_at), and
   * how many faults were its own; until when its submitter has no answer (answer_by), or that it was rejected; apart
   * when its secrets stand in a key of their own; of its request the parts, the length as it is sent, the bytes as it
   * is stored, and the name under which it is kept after the end.
   */
  TASK("task:"),
  /**
   * Per task that has not ended: the request for ComfyUI, without its secrets, compressed and encrypted. STRING of one
   * that has a single part, LIST of the parts of a larger one; in formats before 3 a STRING that is the text itself.
   */
  BODY("body:"),
  /** STRING per task that has not ended and has secrets: how its request ends, written alike. */
  SECRETS("secrets:"),
  /** LIST, for a minute after the last of them came: the parts of a large request until its submit takes them over. */
  STAGING("staging:"),
  /** HASH of user to how many bytes his {@link #BODY} have as they are stored; of all together: bytes of the limits. */
  BYTES("bytes"),
  /** Per ended task, as long as there is room: its request, as it was before. */
  ENDED_BODY("ended-body:"),
  /** ZSET of the names of all {@link #ENDED_BODY}, as id, bytes and user, by the time of their end in ms. */
  ENDED_BODIES("ended-bodies"),
  /** HASH of user to how many bytes his {@link #ENDED_BODY} have; of all together: ended_bytes of the limits. */
  ENDED_BYTES("ended-bytes"),
  /** SET of the users who have a task waiting or running. */
  USERS("users"),
  /**
   * HASH per user: last tag, weight, pool, its member of {@link #HEADS}, why blocked, since when nothing works (out),
   * and what is to be said while all that may run is on trial.
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
   * HASH per instance: state, since when, reason, how many runs have ended there (ends), faults in a row, when the last
   * of them faulted, since when silent, unread until its own queue was read, and while it is configured: pool, slots,
   * address; while it drains: address, and the pool that it has left.
   */
  INSTANCE("instance:"),
  /** SET of the instances that left the list while tasks ran there, until the last of these has ended. */
  DRAINING("draining"),
  /** ZSET per part of the configuration (settings, instances, users) of its versions, by when each was brought in. */
  VERSIONS("versions:"),
  /** ZSET per part of the configuration of the versions that nodes have, by when one of them last told so, in ms. */
  TOLD("told:"),
  /** HASH per node, for a month: the version that it told last of each part of the configuration. */
  NODE("node:"),
  /** SET per version of the list of instances, while a node tells it: name and address of each, a blank between. */
  LISTED("listed:"),
  /** SET per pool of its instances. */
  POOL("pool:"),
  /** STREAM that former versions wrote and nothing reads; deleted when a node brings its configuration. */
  EVENTS("events"),
  /** HASH of what may happen to a task, for an end its state, to how often it did in the store's whole life. */
  TOTALS("totals"),
  /** STRING that lives for some seconds: which node reads the instances' queues for a Redis that came back. */
  READER("reader"),
  /** STRING per scope and hash of a token, for as long as it lasts: who is signed in by it. */
  SIGN_IN("sign-in:"),
  /** ZSET per user of the tokens by which he is signed in, by their end in ms. */
  SIGN_INS("sign-ins:"),
  /** SET per token, for as long as it lasts: the tokens that were opened below it. */
  BELOW("below:"),
  /** HASH of user to the number of his door. */
  DOORS("doors"),
  /** ZSET of the users who have a door, by the time in ms when they came last. */
  DOORS_USED("doors-used"),
  /** STRING per user, for a while: since when what others issue for him counts again, in ms. */
  REVOKED("revoked:"),
  /** STRING per scope and hash of a name, for a while: what may be taken, or done, once. */
  KEPT("kept:"),
  /** STRING per scope and hash of a name, for a while: how many attempts there were to sign in. */
  ATTEMPTS("attempts:"),
  /** STRING per user: the hash of the password that he has chosen. */
  PASSWORD("password:"),
  /** Never there: to delete it is a write that changes nothing. */
  NOTHING("nothing");

  /** Of the data under these keys. Counts up with every change that older scripts would misread. */
  public static final String FORMAT = "3";

  /**
   * The formats that the scripts read: before 2 a request held its secrets, and ended tasks kept none; before 3
   * requests were texts.
   */
  static final Set<String> READABLE = Set.of("1", "2", FORMAT);

  private static final String PREFIX = "{anteroom}:";

  private final String key;

  RedisKeys(String name) {
    this.key = PREFIX + name;
  }

  /** The key, or what stands in front of the id. */
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
