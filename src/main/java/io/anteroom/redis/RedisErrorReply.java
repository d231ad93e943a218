package io.anteroom.redis;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Redis says that answers but does not do what it is asked, and what the one who runs it can do about it. */
enum RedisErrorReply {
  FULL("OOM", "Redis has reached its maxmemory: raise it; until then no new task is stored, all others go on"),
  READ_ONLY("READONLY", "it is a replica that takes no writes: point redis.url at the master, or at the Sentinels"),
  WITHOUT_MASTER("MASTERDOWN", "it is a replica that has lost its master: wait for the failover, or promote it"),
  LOADING("LOADING", "it still reads its data from the disk: wait"),
  BUSY("BUSY", "somebody else's script keeps it busy: wait, or SCRIPT KILL"),
  DISK("MISCONF", "it cannot write to its disk: make room there"),
  TOO_FEW_REPLICAS("NOREPLICAS", "fewer replicas are connected than min-replicas-to-write asks for: start them"),
  /** A script that is wrong: a defect of ours. */
  OTHER("", "");

  private final String code;
  private final String remedy;

  RedisErrorReply(String code, String remedy) {
    this.code = code;
    this.remedy = remedy;
  }

  /** The complaint in a failure; empty when Redis did not answer at all. */
  static Optional<RedisErrorReply> of(Throwable failure) {
    return failure instanceof ErrorType error && !error.is("CONNECTION_CLOSED")
      ? Stream.of(values()).filter(complaint -> complaint.isIn(failure.getMessage())).findFirst()
      : Optional.empty();
  }

  /** What to do. */
  String remedy() {
    return remedy;
  }

  /** Whether another Redis may be the master by now, so that it is worth asking anew where that is. */
  boolean isOfNoMaster() {
    return this == READ_ONLY || this == WITHOUT_MASTER;
  }

  /** Up to Redis 6, what a script met is told inside of an error of the script. */
  private boolean isIn(String message) {
    return message.startsWith(code) || message.contains(": -" + code + " ");
  }
}
