package io.anteroom.redis.model;

import io.anteroom.redis.RedisKeys;
import io.anteroom.redis.model.QueueModel.Instance;
import io.anteroom.redis.model.QueueModel.Task;
import io.anteroom.redis.model.QueueModel.User;
import io.anteroom.support.redis.TestRedis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that the queue holds at one moment, line by line; taken of Redis and of the model, it must be the same. */
final class QueueSnapshot {
  private static final String LOOK = RedisKeys.asLua() + """
    local lines = {}
    local function line(...) lines[#lines + 1] = table.concat({...}, ' ') end
    local function sorted(list) table.sort(list) return table.concat(list, ' ') end
    local function tags(key)
      local row, out = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), {}
      for i = 1, #row, 2 do out[#out + 1] = row[i]:sub(18) .. '@' .. row[i + 1] end
      return table.concat(out, ' ')
    end
    line('order', tags(keys.order))
    line('ready', tags(keys.ready))
    line('processing', sorted(redis.call('ZRANGE', keys.processing, 0, -1)))
    line('waiting', sorted(redis.call('ZRANGE', keys.waiting, 0, -1)))
    line('users', sorted(redis.call('SMEMBERS', keys.users)))
    for _, name in ipairs({'limit', 'v', 'seq'}) do line(name, redis.call('HGET', keys.limits, name) or '0') end
    for i = 1, #ARGV, 2 do
      local kind, id = ARGV[i], ARGV[i + 1]
      if kind == 'pool' then
        line('heads', id, tags(keys.heads .. id))
      elseif kind == 'instance' then
        line('slots', id, redis.call('HGET', keys.slots, id) or '0')
      elseif kind == 'user' then
        line('queue', id, unpack(redis.call('LRANGE', keys.queue .. id, 0, -1)))
        line('running', id, unpack(redis.call('ZRANGE', keys.running .. id, 0, -1)))
        if redis.call('SISMEMBER', keys.users, id) == 1 then
          line('blocked', id, redis.call('HEXISTS', keys.user .. id, 'blocked'))
        end
      else
        local row = redis.call('HMGET', keys.task .. id, 'state', 'attempts', 'instance')
        line('task', id, row[1], row[2], row[3] or '', redis.call('EXISTS', keys.body .. id))
      end
    end
    return lines
    """;

  private QueueSnapshot() {
  }

  /** What Redis holds of all users, pools and instances of the model and of these tasks. */
  static List<String> of(TestRedis redis, QueueModel model, Collection<Task> tasks) {
    List<String> args = new ArrayList<>(List.of(LOOK, "1", RedisKeys.LIMITS.key()));
    pools(model).forEach(pool -> args.addAll(List.of("pool", pool)));
    model.instances.keySet().forEach(instance -> args.addAll(List.of("instance", instance)));
    model.users.keySet().forEach(user -> args.addAll(List.of("user", user)));
    tasks.forEach(task -> args.addAll(List.of("task", task.id.value())));
    return redis.ask("EVAL", args.toArray(String[]::new)).stream().map(line -> line.toString().strip()).toList();
  }

  /** The same as the model says it must be. */
  static List<String> of(QueueModel model, Collection<Task> tasks) {
    List<String> lines = new ArrayList<>();
    lines.add("order " + tags(model.order()));
    lines.add("ready " + tags(model.ready()));
    lines.add("processing " + sorted(model.running()));
    lines.add("waiting " + sorted(model.users.values().stream().flatMap(user -> user.waiting.stream())));
    lines.add("users " + model.users.values().stream().filter(user -> isThere(model, user)).map(user -> user.name)
      .collect(Collectors.joining(" ")));
    lines.addAll(List.of("limit " + model.limit, "v " + model.time, "seq " + model.lastNumber()));
    pools(model).forEach(pool -> lines.add("heads " + pool + " " + tags(model.heads(pool))));
    for (Instance instance : model.instances.values()) {
      lines.add("slots " + instance.name + " " + model.runningOn(instance));
    }
    model.users.values().forEach(user -> addUser(lines, model, user));
    for (Task task : tasks) {
      lines.add("task " + task.id + " " + task.state.word() + " " + task.attempts + " " + task.instance + " "
        + (task.state.isFinal() ? 0 : 1));
    }
    return lines.stream().map(String::strip).toList();
  }

  private static void addUser(List<String> lines, QueueModel model, User user) {
    lines.add("queue " + user.name + " " + joined(user.waiting.stream(), task -> task.id.value()));
    lines.add("running " + user.name + " "
      + joined(model.running(user).sorted((a, b) -> Long.compare(a.seq, b.seq)), task -> task.id.value()));
    if (isThere(model, user)) {
      lines.add("blocked " + user.name + " " + (model.isBlocked(user) ? 1 : 0));
    }
  }

  private static boolean isThere(QueueModel model, User user) {
    return !user.waiting.isEmpty() || model.running(user).findAny().isPresent();
  }

  private static TreeSet<String> pools(QueueModel model) {
    TreeSet<String> pools = new TreeSet<>();
    model.users.values().stream().map(user -> user.pool).filter(pool -> pool != null).forEach(pools::add);
    return pools;
  }

  private static String tags(List<Task> tasks) {
    return joined(tasks.stream(), task -> task.id + "@" + task.tag);
  }

  private static String sorted(Stream<Task> tasks) {
    return tasks.map(task -> task.id.value()).sorted().collect(Collectors.joining(" "));
  }

  private static String joined(Stream<Task> tasks, Function<Task, String> name) {
    return tasks.map(name).collect(Collectors.joining(" "));
  }
}
