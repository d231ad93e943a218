package io.anteroom.redis;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Optional;
import java.util.stream.Stream;

/** The error replies of Redis, each with what its operator can do about it. */
enum RedisErrorReply {
  FULL("OOM", "Redis has reached its maxmemory: raise it; until then no new task is stored, all others go on"),
  READ_ONLY("READONLY", "it is a replica that takes no writes: point redis.url at the master, or at the Sentinels"),
  WITHOUT_MASTER("MASTERDOWN", "it is a replica that has lost its master: wait for the failover, or promote it"),
  LOADING("LOADING", "it is still loading its data from the disk: wait"),
  BUSY("BUSY", "a script of another client keeps it busy: wait, or SCRIPT KILL"),
  DISK("MISCONF", "it cannot write to its disk: make room there"),
  TOO_FEW_REPLICAS("NOREPLICAS", "fewer replicas are connected than min-replicas-to-write requires: start them"),
  /** A faulty script: a defect of Anteroom. */
  OTHER("", "");

  private final String code;
  private final String remedy;

  RedisErrorReply(String code, String remedy) {
    this.code = code;
    this.remedy = remedy;
  }

  /** The error reply in a failure; empty when Redis did not reply at all. */
  static Optional<RedisErrorReply> of(Throwable failure) {
    return failure instanceof ErrorType error && !error.is("CONNECTION_CLOSED")
      ? Stream.of(values()).filter(reply -> reply.isIn(failure.getMessage())).findFirst()
      : Optional.empty();
  }

  /** What to do. */
  String remedy() {
    return remedy;
  }

  /** Whether another Redis may be the master by now, so that a new connection is worth a try. */
  boolean isNotMaster() {
    return this == READ_ONLY || this == WITHOUT_MASTER;
  }

  /** Up to Redis 6, an error inside a script is wrapped into an error of the script. */
  private boolean isIn(String message) {
    return message.startsWith(code) || message.contains(": -" + code + " ");
  }
}
