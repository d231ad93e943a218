package io.anteroom.doctor;

import io.anteroom.config.RedisUrl;
import io.anteroom.config.Settings;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.redis.RedisEndpoint;
import io.anteroom.redis.RedisProbe;
import io.anteroom.redis.RedisProbe.RedisFacts;
import io.anteroom.redis.embedded.RedisBinary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Checks whether Redis stores the queue safely. */
final class RedisCheck {
  static final String SUBJECT = "redis";
  private static final ProgramVersion MINIMUM = new ProgramVersion(5, 0, 0);
  private static final ProgramVersion TESTED = new ProgramVersion(6, 2, 0);
  /** The first release of each line of Redis and Valkey that fixes CVE-2025-49844 (code execution by a script). */
  private static final List<ProgramVersion> FIXED = List.of(new ProgramVersion(6, 2, 20), new ProgramVersion(7, 2, 11),
    new ProgramVersion(7, 4, 6), new ProgramVersion(8, 0, 4), new ProgramVersion(8, 1, 4), new ProgramVersion(8, 2, 2));

  private RedisCheck() {
  }

  static Future<List<Finding>> of(Vertx vertx, Settings settings) {
    return settings.redis().url()
      .map(url -> external(vertx, settings.redis(), RedisUrl.hidden(url)))
      .orElseGet(() -> Future.succeededFuture(List.of(embedded(settings))));
  }

  private static Future<List<Finding>> external(Vertx vertx, Settings.Redis redis, String shown) {
    return RedisProbe.probe(vertx, redis)
      .map(facts -> Stream.concat(of(shown, facts).stream(), Stream.of(encryption(redis))).toList())
      .otherwise(cause -> List.of(Finding.wrong(
        SUBJECT, "%s cannot be used: %s".formatted(shown, cause.getMessage()),
        "check redis.url (address, password, rediss:// for TLS) and that Redis runs; until then no task is accepted")));
  }

  static List<Finding> of(String shown, RedisFacts facts) {
    return Stream.concat(Stream.of(version(shown, facts), durability(facts), eviction(facts)), format(facts)).toList();
  }

  static Finding encryption(Settings.Redis redis) {
    return RedisEndpoint.of(redis).secret().isPresent()
      ? Finding.ok(SUBJECT, "workflows, and the API keys in waiting ones, are stored encrypted")
      : Finding.warning(SUBJECT, "workflows, and the API keys in waiting ones, are readable for all with access to"
        + " Redis or its files: there is no password to encrypt them with",
        "give Redis a password, in redis.url, or set redis.encryption_secret on all nodes");
  }

  private static Stream<Finding> format(RedisFacts facts) {
    return facts.isReadable() ? Stream.empty() : Stream.of(Finding.wrong(SUBJECT,
      "its data has format %s, which this version of Anteroom does not know: a newer one has written it".formatted(
        facts.format()), "start the newer version again, or point redis.url at another Redis"));
  }

  private static Finding version(String shown, RedisFacts facts) {
    if (facts.version().isEmpty()) {
      return Finding.warning(SUBJECT, shown + " is reachable, but does not report its version",
        "use Redis %s or newer".formatted(TESTED));
    }
    ProgramVersion version = ProgramVersion.of(facts.version());
    if (version.isBefore(MINIMUM)) {
      return Finding.wrong(SUBJECT, "%s is Redis %s, which is too old".formatted(shown, version),
        "update it to %s or newer".formatted(TESTED));
    }
    return version.isBefore(TESTED)
      ? Finding.warning(SUBJECT, "%s is Redis %s, with which Anteroom was not tested".formatted(shown, version),
        "update it to %s or newer".formatted(TESTED))
      : vulnerabilities(version, "%s is reachable: Redis %s".formatted(shown, version));
  }

  /** A distribution may have fixed a vulnerable version without changing its number. */
  private static Finding vulnerabilities(ProgramVersion version, String found) {
    return isFixed(version) ? Finding.ok(SUBJECT, found)
      : Finding.warning(SUBJECT, found + ", which has known vulnerabilities (CVE-2025-49844)",
        "update it, unless your distribution has backported the fix");
  }

  static boolean isFixed(ProgramVersion version) {
    return FIXED.stream().filter(first -> first.major() == version.major() && first.minor() >= version.minor())
      .findFirst().map(first -> first.minor() == version.minor() && !version.isBefore(first))
      .orElse(version.major() > 6);
  }

  private static Finding durability(RedisFacts facts) {
    if (facts.appendonly().isEmpty()) {
      return Finding.warning(SUBJECT, "does not report whether it would lose accepted tasks in a crash",
        "ask its provider for appendonly yes and appendfsync always");
    }
    if (!facts.appendonly().equals("yes")) {
      return Finding.warning(SUBJECT, "would lose accepted tasks in a crash: appendonly is " + facts.appendonly(),
        "set appendonly yes and appendfsync always in redis.conf");
    }
    return facts.appendfsync().equals("always") ? Finding.ok(SUBJECT, "loses no accepted task in a crash")
      : Finding.warning(SUBJECT, "may lose accepted tasks in a crash: appendfsync is " + facts.appendfsync(),
        "set appendfsync always in redis.conf");
  }

  private static Finding eviction(RedisFacts facts) {
    if (facts.maxmemoryPolicy().isEmpty()) {
      return Finding.warning(SUBJECT, "does not report whether it evicts tasks when memory is short",
        "ask its provider for maxmemory-policy noeviction");
    }
    return facts.maxmemoryPolicy().equals("noeviction")
      ? Finding.ok(SUBJECT, "evicts nothing when memory is short")
      : Finding.warning(SUBJECT, "evicts tasks when memory is short: maxmemory-policy is "
        + facts.maxmemoryPolicy(), "set maxmemory-policy noeviction in redis.conf");
  }

  private static Finding embedded(Settings settings) {
    try {
      RedisBinary.Found found = RedisBinary.preview();
      String text = "the embedded Redis can run on this machine: version %s; its data is in %s"
        .formatted(found.version(), settings.dataDir().toAbsolutePath());
      return found.bundled() && !isFixed(ProgramVersion.of(found.version()))
        ? Finding.warning(SUBJECT, text + ". It is bundled with Anteroom and has known vulnerabilities "
          + "(CVE-2025-49844), exploitable only with its password",
          "install redis-server: if it is newer, Anteroom uses it")
        : Finding.ok(SUBJECT, text);
    } catch (IOException | IllegalStateException cause) {
      return Finding.wrong(SUBJECT, "the embedded Redis does not run on this machine: " + cause.getMessage(),
        "install redis-server, or OpenSSL 3 for the bundled one, or set redis.url to your own Redis");
    }
  }
}
