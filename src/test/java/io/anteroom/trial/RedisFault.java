package io.anteroom.trial;

import io.anteroom.support.TestRedis;
import io.anteroom.trial.House.Signal;
import java.util.Locale;

/** What may happen to Redis. */
enum RedisFault implements Fault {
  REDIS_KILLED("kill -9 of Redis, started again at once") {
    @Override
    void strike(Scene scene, TestRedis redis) throws InterruptedException {
      ProcessHandle.of(redis.pid()).ifPresent(ProcessHandle::destroyForcibly);
      redis.down();
      redis.up();
    }
  },

  REDIS_AWAY("Redis stopped for 5 to 20 s") {
    @Override
    void strike(Scene scene, TestRedis redis) throws InterruptedException {
      redis.down();
      scene.lasts(5, 20);
      redis.up();
    }
  },

  REDIS_FROZEN("SIGSTOP of Redis for 1 to 8 s, then SIGCONT") {
    @Override
    void strike(Scene scene, TestRedis redis) throws InterruptedException {
      Signal.STOP.to(redis.pid());
      try {
        scene.lasts(1, 8);
      } finally {
        Signal.CONT.to(redis.pid());
      }
    }
  },

  SCRIPTS_FLUSHED("SCRIPT FLUSH: Redis knows no script any more") {
    @Override
    void strike(Scene scene, TestRedis redis) {
      redis.ask("SCRIPT", "FLUSH");
    }
  },

  CONNECTIONS_CUT("CLIENT KILL of every connection to Redis, three times in a row") {
    @Override
    void strike(Scene scene, TestRedis redis) throws InterruptedException {
      for (int times = 0; times < 3; times++) {
        redis.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        scene.lasts(0.1, 0.5);
      }
    }
  },

  REDIS_FULL("maxmemory reached for 2 to 6 s: Redis refuses what needs memory") {
    @Override
    void strike(Scene scene, TestRedis redis) throws InterruptedException {
      redis.ask("CONFIG", "SET", "maxmemory", "1");
      scene.lasts(2, 6);
      redis.ask("CONFIG", "SET", "maxmemory", "0");
    }
  };

  private final String story;

  RedisFault(String story) {
    this.story = story;
  }

  abstract void strike(Scene scene, TestRedis redis) throws InterruptedException;

  @Override
  public String happen(Scene scene) throws InterruptedException {
    strike(scene, scene.house().redis());
    return "redis";
  }

  @Override
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
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
