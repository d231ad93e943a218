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

/** Reads the version and the settings of an external Redis, without changing anything in it. */
public final class RedisProbe {
  /** Valkey reports its own version after that of the Redis which it replaces. */
  private static final Pattern VERSION =
    Pattern.compile("^redis_version:(?:(?s:.*)\\nvalkey_version:)?(\\S+)", Pattern.MULTILINE);
  private static final int TIMEOUT_S = 10;

  private RedisProbe() {
  }

  /** Fails when it cannot be reached, with a {@link RedisAccessException} when it refuses access. */
  public static Future<RedisFacts> probe(Vertx vertx, Settings.Redis settings) {
    Redis redis = Redis.createClient(vertx, RedisEndpoint.of(settings).options());
    return redis.connect()
      .compose(connection -> connection.send(Request.cmd(Command.PING))
        .compose(pong -> RedisAccessException.ofReplica(connection.send(Request.cmd(Command.ROLE))))
        .compose(master -> facts(connection)))
      .timeout(TIMEOUT_S, TimeUnit.SECONDS)
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

  /** A hosted Redis may hide its settings. */
  private static Future<String> configured(RedisConnection connection, String name) {
    return connection.send(Request.cmd(Command.CONFIG).arg("GET").arg(name))
      .map(answer -> answer.containsKey(name) ? answer.get(name).toString() : "")
      .otherwise("");
  }

  /**
   * Version and settings of a Redis; empty where it does not reveal them.
   *
   * @param version         as 6.2.11
   * @param appendonly      {@code yes} when it writes an append-only file
   * @param appendfsync     when it syncs that file to the disk: {@code always}, {@code everysec}, {@code no}
   * @param maxmemoryPolicy which keys it evicts when memory is short; {@code noeviction} for none
   * @param format          of Anteroom's data in it
   */
  public record RedisFacts(String version, String appendonly, String appendfsync, String maxmemoryPolicy,
      String format) {

    /** Whether this Anteroom can read its data. */
    public boolean isReadable() {
      return format.isEmpty() || RedisKeys.READABLE.contains(format);
    }
  }
}
