package io.anteroom.injection;

import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers what to do with each version of a page, so that the same page is parsed once. */
final class Plans {
  private static final int KEPT = 200;

  private final HtmlInjector injector;
  /** By version, least recently used first; touched on the verticle's own event loop only. */
  private final Map<String, Plan> plans = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Plan> eldest) {
      return size() > KEPT;
    }
  };

  Plans(HtmlInjector injector) {
    this.injector = injector;
  }

  /** The plan for a page: remembered when one with the same beginning and the same headers that matter was seen. */
  Plan of(Original page) {
    return plans.computeIfAbsent(version(page), unknown -> injector.plan(page.body(), page.headers()));
  }

  int size() {
    return plans.size();
  }

  private static String version(Original page) {
    MessageDigest sha = sha256();
    sha.update(page.body().getBytes(0, Math.min(page.body().length(), HtmlInjector.LOOKED_AT)));
    sha.update(String.valueOf(page.headers().get(CONTENT_TYPE)).getBytes(StandardCharsets.UTF_8));
    sha.update(page.headers().getAll(HtmlInjector.POLICY).toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
