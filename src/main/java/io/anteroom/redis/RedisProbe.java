package io.anteroom.redis;

import io.anteroom.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks an external Redis over without changing anything in it. */
public final class RedisProbe {
  /** Valkey says its own after that of the Redis which it replaces. */
  private static final Pattern VERSION =
    Pattern.compile("^redis_version:(?:(?s:.*)\\nvalkey_version:)?(\\S+)", Pattern.MULTILINE);
  private static final int PATIENCE_S = 10;

  private RedisProbe() {
  }

  /** Fails when it cannot be reached or does not let us in. */
  public static Future<RedisFacts> look(Vertx vertx, Settings.Redis settings) {
    Redis redis = Redis.createClient(vertx, RedisEndpoint.of(settings).options());
    return redis.connect()
      .compose(connection -> connection.send(Request.cmd(Command.PING))
        .compose(pong -> RedisAccessException.ofReplica(connection.send(Request.cmd(Command.ROLE))))
        .compose(master -> facts(connection)))
      .timeout(PATIENCE_S, TimeUnit.SECONDS)
      .recover(failure -> Future.failedFuture(RedisAccessException.of(failure).<Throwable>map(known -> known)
      .orElse(failure)))
      .eventually(redis::close);
  }

  private static Future<RedisFacts> facts(RedisConnection connection) {
    Future<String> version = connection.send(Request.cmd(Command.INFO).arg("server"))
      .map(RedisProbe::version).otherwise("");
    Future<String> appendonly = configured(connection, "appendonly");
    Future<String> appendfsync = configured(connection, "appendfsync");
    Future<String> policy = configured(connection, "maxmemory-policy");
    Future<String> format = connection.send(Request.cmd(Command.HGET).arg(RedisKeys.LIMITS.key()).arg("format"))
      .map(answer -> answer == null ? "" : answer.toString()).otherwise("");
    return Future.all(version, appendonly, appendfsync, policy, format).map(all -> new RedisFacts(version.result(),
      appendonly.result(), appendfsync.result(), policy.result(), format.result()));
  }

  private static String version(Response info) {
    Matcher matcher = VERSION.matcher(info.toString());
    return matcher.find() ? matcher.group(1) : "";
  }

  /** A hosted Redis may keep its settings to itself. */
  private static Future<String> configured(RedisConnection connection, String name) {
    return connection.send(Request.cmd(Command.CONFIG).arg("GET").arg(name))
      .map(answer -> answer.containsKey(name) ? answer.get(name).toString() : "")
      .otherwise("");
  }

  /**
   * What a Redis showed of itself when it was looked over; an empty text where it does not say.
   *
   * @param version         as 6.2.11
   * @param appendonly      {@code yes} when it keeps a file of what it is told
   * @param appendfsync     when that file is really on the disk: {@code always}, {@code everysec}, {@code no}
   * @param maxmemoryPolicy which keys it throws away when memory is short; {@code noeviction} for none
   * @param format          of our data in it
   */
  public record RedisFacts(String version, String appendonly, String appendfsync, String maxmemoryPolicy,
      String format) {

    /** Whether this Anteroom can read its data. */
    public boolean isReadable() {
      return format.isEmpty() || RedisKeys.READABLE.contains(format);
    }
  }
}
