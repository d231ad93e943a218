package io.anteroom.trial.nemesis;

import io.anteroom.support.redis.TestRedis;
import java.util.List;

/** What may happen to Redis. */
public enum RedisNemesis implements Fault {
  REDIS_KILLED("kill -9 of Redis, started again at once") {
    @Override
    void strike(FaultContext scene, TestRedis redis) {
      redis.kill();
      redis.up();
    }
  },

  REDIS_AWAY("Redis stopped for 5 to 20 s") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      redis.down();
      scene.lasts(5, 20);
      redis.up();
    }
  },

  REDIS_FROZEN("SIGSTOP of Redis for 1 to 8 s, then SIGCONT") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      redis.freeze();
      try {
        scene.lasts(1, 8);
      } finally {
        redis.thaw();
      }
    }
  },

  SCRIPTS_FLUSHED("SCRIPT FLUSH: Redis knows no script any more") {
    @Override
    void strike(FaultContext scene, TestRedis redis) {
      redis.ask("SCRIPT", "FLUSH");
    }
  },

  CONNECTIONS_CUT("CLIENT KILL of every connection to Redis, three times in a row") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      for (int times = 0; times < 3; times++) {
        redis.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        scene.lasts(0.1, 0.5);
      }
    }
  },

  LINE_CUT("the line between all nodes and Redis cut in the middle of answers, again and again for some seconds") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      for (int times = 0; times < 4; times++) {
        VERBS.forEach(verb -> scene.house().line().cutAnswers(verb, 1));
        scene.lasts(0.3, 1.5);
        scene.house().line().cut();
      }
      scene.house().line().heal();
    }
  },

  SCRIPT_ANSWERS_LOST("twelve scripts take effect, but each answer is lost and its connection cut") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      scene.house().line().loseAnswers(12);
      scene.lasts(1, 4);
      scene.house().line().heal();
    }
  },

  REDIS_FULL("maxmemory reached for 2 to 6 s: Redis refuses what needs memory") {
    @Override
    void strike(FaultContext scene, TestRedis redis) throws InterruptedException {
      redis.isFull();
      scene.lasts(2, 6);
      redis.hasRoom();
    }
  };

  private static final List<String> VERBS =
    List.of("claim", "begin_submit", "mark_accepted", "finish", "renew", "submit", "cancel", "adopt", "status");

  private final String story;

  RedisNemesis(String story) {
    this.story = story;
  }

  abstract void strike(FaultContext scene, TestRedis redis) throws InterruptedException;

  @Override
  public String happen(FaultContext scene) throws InterruptedException {
    strike(scene, scene.house().redis());
    return "redis";
  }

  @Override
  public String story() {
    return story;
  }

  @Override
  public Reach reach() {
    return Reach.EVERYBODY;
  }
}
