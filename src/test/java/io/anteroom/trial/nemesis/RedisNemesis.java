package io.anteroom.trial.nemesis;

import io.anteroom.support.redis.TestRedis;
import java.util.List;

/** Faults of Redis. */
public enum RedisNemesis implements Fault {
  REDIS_KILLED("kill -9 of Redis, started again at once") {
    @Override
    void inject(FaultContext context, TestRedis redis) {
      redis.kill();
      redis.up();
    }
  },

  REDIS_AWAY("Redis stopped for 5 to 20 s") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      redis.down();
      context.pause(5, 20);
      redis.up();
    }
  },

  REDIS_FROZEN("SIGSTOP of Redis for 1 to 8 s, then SIGCONT") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      redis.freeze();
      try {
        context.pause(1, 8);
      } finally {
        redis.thaw();
      }
    }
  },

  SCRIPTS_FLUSHED("SCRIPT FLUSH: Redis knows no script any more") {
    @Override
    void inject(FaultContext context, TestRedis redis) {
      redis.ask("SCRIPT", "FLUSH");
    }
  },

  CONNECTIONS_CUT("CLIENT KILL of every connection to Redis, three times in a row") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      for (int times = 0; times < 3; times++) {
        redis.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        context.pause(0.1, 0.5);
      }
    }
  },

  LINE_CUT("the line between all nodes and Redis cut in the middle of answers, again and again for some seconds") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      for (int times = 0; times < 4; times++) {
        VERBS.forEach(verb -> context.cluster().relay().cutAnswers(verb, 1));
        context.pause(0.3, 1.5);
        context.cluster().relay().cut();
      }
      context.cluster().relay().heal();
    }
  },

  SCRIPT_ANSWERS_LOST("twelve scripts take effect, but each answer is lost and its connection cut") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      context.cluster().relay().loseAnswers(12);
      context.pause(1, 4);
      context.cluster().relay().heal();
    }
  },

  REDIS_FULL("maxmemory reached for 2 to 6 s: Redis refuses what needs memory") {
    @Override
    void inject(FaultContext context, TestRedis redis) throws InterruptedException {
      redis.isFull();
      context.pause(2, 6);
      redis.hasRoom();
    }
  };

  private static final List<String> VERBS =
    List.of("claim", "begin_submit", "mark_accepted", "finish", "renew", "submit", "cancel", "adopt", "status");

  private final String description;

  RedisNemesis(String description) {
    this.description = description;
  }

  abstract void inject(FaultContext context, TestRedis redis) throws InterruptedException;

  @Override
  public String inject(FaultContext context) throws InterruptedException {
    inject(context, context.cluster().redis());
    return "redis";
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Reach reach() {
    return Reach.ALL;
  }
}
