package io.anteroom.redis;

import io.anteroom.support.redis.TestRedis;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;

/** Looks at all that the queue holds, in one step, and says what does not fit together. */
public final class QueueAudit {
  private static final String RULES = RedisKeys.asLua() + """
    local wrong = {}
    local function check(fine, ...)
      if not fine then wrong[#wrong + 1] = table.concat({...}, ' ') end
    end
    local function task(id, field) return redis.call('HGET', keys.task .. id, field) or '' end
    local function has(key) return redis.call('EXISTS', key) == 1 end
    local listed, slots, running = 0, {}, {}

    for _, user in ipairs(redis.call('SMEMBERS', keys.users)) do
      listed = listed + redis.call('LLEN', keys.queue .. user)
      check(has(keys.queue .. user) or has(keys.running .. user), 'a user without a task is kept:', user)
    end
    local waiting = redis.call('ZRANGE', keys.waiting, 0, -1)
    check(#waiting == listed, 'waiting holds', #waiting, 'the lists of the users hold', listed)
    for _, id in ipairs(waiting) do
      local user = task(id, 'user')
      check(task(id, 'state') == 'queued', 'waits, but is in the hash', task(id, 'state') .. ':', id)
      check(has(keys.body .. id), 'waits without its request:', id)
      check(redis.call('LPOS', keys.queue .. user, id), 'waits, but not in the list of', user .. ':', id)
      local counted = redis.call('HEXISTS', keys.user .. user, 'blocked') == 0
      check(counted == (redis.call('ZSCORE', keys.order, task(id, 'member')) ~= false),
        counted and 'is not counted:' or 'is counted although its user is blocked:', id)
    end
    for _, member in ipairs(redis.call('ZRANGE', keys.order, 0, -1)) do
      check(redis.call('ZSCORE', keys.waiting, member:sub(18)), 'is counted, but does not wait:', member)
    end

    local processing = redis.call('ZRANGE', keys.processing, 0, -1)
    check(#processing <= tonumber(ARGV[1]), 'more tasks process than the limit allows:', #processing)
    for _, id in ipairs(processing) do
      local user, instance = task(id, 'user'), task(id, 'instance')
      check(task(id, 'state') == 'processing', 'processes, but is in the hash', task(id, 'state') .. ':', id)
      check(has(keys.body .. id), 'processes without its request:', id)
      check(task(id, 'owner') ~= '' and task(id, 'fence') ~= '', 'processes without an owner:', id)
      check(redis.call('ZSCORE', keys.running .. user, id), 'processes, but not as one of', user .. ':', id)
      slots[instance] = (slots[instance] or 0) + 1
      running[user] = (running[user] or 0) + 1
    end
    for user, count in pairs(running) do
      check(count <= tonumber(ARGV[2]), 'of', user, 'more process than his cap allows:', count)
    end
    local kept = 0
    for _, name in ipairs(redis.call('ZRANGE', keys.ended_bodies, 0, -1)) do
      kept = kept + tonumber(name:match(' (%d+) '))
    end
    check(kept == tonumber(redis.call('HGET', keys.limits, 'ended_bytes') or '0'), 'bytes kept of ended tasks:', kept)
    local taken = redis.call('HGETALL', keys.slots)
    for index = 1, #taken, 2 do
      local name, count = taken[index], tonumber(taken[index + 1])
      check(count == (slots[name] or 0), 'slots say', count, 'of', name, 'but there process', slots[name] or 0)
      check(count <= tonumber(redis.call('HGET', keys.instance .. name, 'slots') or '0'),
        'more tasks are on', name, 'than it has slots:', count)
      slots[name] = nil
    end
    for name, count in pairs(slots) do
      check(false, 'no slot is taken of', name, 'but there process', count)
    end
    return wrong
    """;

  private static final String LEFTOVERS = RedisKeys.asLua() + """
    local left = {}
    for name, key in pairs({processing = keys.processing, slots = keys.slots, waiting = keys.waiting,
        order = keys.order, ready = keys.ready, users = keys.users}) do
      if redis.call('EXISTS', key) == 1 then left[#left + 1] = name .. ' is not empty' end
    end
    for _, kind in ipairs({'body', 'secrets', 'queue', 'running', 'heads'}) do
      for _, key in ipairs(redis.call('KEYS', keys[kind] .. '*')) do left[#left + 1] = key .. ' is left' end
    end
    return left
    """;

  private final TestRedis redis;
  private final String limit;
  private final String userRunning;

  public QueueAudit(TestRedis redis, int limit, int userRunning) {
    this.redis = redis;
    this.limit = String.valueOf(limit);
    this.userRunning = String.valueOf(userRunning);
  }

  /** Everything that is wrong at this moment, each in a sentence. */
  public List<String> wrong() {
    return lines(redis.ask("EVAL", RULES, "1", RedisKeys.LIMITS.key(), limit, userRunning));
  }

  /** Everything that is there although nothing waits or runs any more. */
  public List<String> leftovers() {
    return lines(redis.ask("EVAL", LEFTOVERS, "1", RedisKeys.LIMITS.key()));
  }

  /** Whether a task could start now if the limit left it a place. */
  public boolean somebodyWaits() {
    return redis.ask("EXISTS", RedisKeys.READY.key()).toInteger() == 1;
  }

  /** What the store knows of a task. */
  public String story(String task) {
    return "store %s".formatted(redis.ask("HGETALL", RedisKeys.TASK.of(task)));
  }

  /** The task that has its place at this instance, if there is one. */
  public Optional<Held> heldAt(String instance) {
    return redis.ask("ZRANGE", RedisKeys.PROCESSING.key(), "0", "-1").stream().map(Response::toString)
      .filter(id -> instance.equals(field(id, "instance")))
      .map(id -> new Held(id, field(id, "owner"))).findFirst();
  }

  /** A task that is processing, and the owner that watches it. */
  public record Held(String task, String owner) {
  }

  /** Whose a task is, by the store; empty when it does not know it. */
  public String owner(String task) {
    return field(task, "user");
  }

  private String field(String task, String name) {
    Response value = redis.ask("HGET", RedisKeys.TASK.of(task), name);
    return value == null ? "" : value.toString();
  }

  private static List<String> lines(Response answer) {
    return answer.stream().map(Response::toString).toList();
  }
}
