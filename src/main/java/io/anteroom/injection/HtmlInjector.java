package io.anteroom.injection;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import com.github.benmanes.caffeine.cache.Cache;
import io.anteroom.async.Caches;
import io.anteroom.identity.Sha256;
import io.anteroom.injection.HtmlHead.PageCharset;
import io.anteroom.injection.PageFetcher.Original;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Injects our script into a page: one tag at one offset, and not one other byte changes. */
final class HtmlInjector {
  /** How many bytes of a page are parsed; a head that begins later is not found. */
  static final int LOOKED_AT = 64 * 1024;

  static final String POLICY = "Content-Security-Policy";
  /** Headers of the page as it came, or of its connection, that do not hold for ours. */
  private static final Set<String> NOT_PASSED_ON = Set.of(
    "etag", "last-modified", "accept-ranges", "content-md5", "digest", "content-digest", "repr-digest",
    "content-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
    "upgrade");

  private final String script;

  /** Makes one for the script of this file name. */
  HtmlInjector(String script) {
    this.script = script;
  }

  /** The plan for a page, from its beginning and its headers. */
  Plan plan(Buffer page, MultiMap headers) {
    HtmlHead markup = new HtmlHead(page.getBytes(0, Math.min(page.length(), LOOKED_AT)));
    Optional<String> declared = PageCharset.in(headers.get(CONTENT_TYPE));
    Optional<String> charset = markup.hasUtf8Mark() ? Optional.of("utf-8") : declared.or(markup::charset);
    if (markup.hasUtf16Mark() || charset.filter(name -> !PageCharset.keepsMarkup(name)).isPresent()) {
      return Plan.skip(InjectionResult.CHARSET);
    }
    if (markup.hasOurScript()) {
      return Plan.skip(InjectionResult.ALREADY_THERE);
    }
    ContentSecurityPolicy policy = ContentSecurityPolicy.of(headers.getAll(POLICY), markup.policies());
    OptionalInt place = markup.place();
    if (policy.refusal().isPresent() || place.isEmpty()) {
      return Plan.skip(policy.refusal().orElse(InjectionResult.NO_TAG));
    }
    String missing = declared.isPresent() ? "" : charset.orElse("");
    return new Plan(InjectionResult.INJECTED, place.getAsInt(), policy.nonce(), missing);
  }

  /**
   * The page with our tag.
   *
   * @param uri where the page lies at the instance; the script's address is relative to it
   */
  Buffer body(Plan plan, Buffer page, String uri) {
    return Buffer.buffer(page.length() + 200)
      .appendBuffer(page, 0, plan.place())
      .appendString(tag(plan.nonce(), uri))
      .appendBuffer(page, plan.place(), page.length() - plan.place());
  }

  /** The headers that go with it: no validators of the original, and {@code no-store}. */
  Map<String, String> headers(Plan plan, MultiMap original, int length) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    original.forEach((name, value) -> headers.merge(name, value, (one, other) -> one + ", " + other));
    namedBy(original.getAll("Connection")).forEach(headers::remove);
    NOT_PASSED_ON.forEach(headers::remove);
    headers.put(CACHE_CONTROL.toString(), "no-store");
    headers.put(CONTENT_LENGTH.toString(), Integer.toString(length));
    if (!plan.charset().isEmpty()) {
      headers.merge(CONTENT_TYPE.toString(), "; charset=" + plan.charset(), String::concat);
    }
    return headers;
  }

  private String tag(String nonce, String uri) {
    String up = "../".repeat(depth(uri));
    String permission = nonce.isEmpty() ? "" : " nonce=\"" + nonce + "\"";
    return "<script src=\"%s_anteroom/%s\" %s=\"1\"%s></script>".formatted(up, script, HtmlHead.MARK, permission);
  }

  private static int depth(String uri) {
    String path = uri.split("[?#]", 2)[0];
    return (int) path.chars().filter(letter -> letter == '/').count() - 1;
  }

  private static List<String> namedBy(List<String> connection) {
    return connection.stream()
      .flatMap(value -> List.of(value.split(",")).stream())
      .map(name -> name.trim().toLowerCase(Locale.ROOT))
      .toList();
  }

  /**
   * How one version of a page is handled; the same for all pages that begin alike.
   *
   * @param place   in bytes, where the tag goes
   * @param nonce   the nonce that the tag has to carry; empty when none
   * @param charset the charset that the content type has to name because our tag moves the page's own declaration;
   *                empty when none
   */
  record Plan(InjectionResult verdict, int place, String nonce, String charset) {

    /** The page stays as it is. */
    static Plan skip(InjectionResult reason) {
      return new Plan(reason, 0, "", "");
    }
  }

  /** Caches the plan for each version of a page, so that the same page is parsed once. */
  static final class Plans {
    private static final int MAX_PLANS = 200;

    private final HtmlInjector injector;
    private final Cache<String, Plan> byVersion = Caches.builder().maximumSize(MAX_PLANS).build();

    Plans(HtmlInjector injector) {
      this.injector = injector;
    }

    /** The plan for a page; cached by the beginning of the page and the headers that the plan depends on. */
    Plan of(Original page) {
      return byVersion.get(version(page), unknown -> injector.plan(page.body(), page.headers()));
    }

    int size() {
      return byVersion.asMap().size();
    }

    private static String version(Original page) {
      MessageDigest sha = Sha256.digest();
      sha.update(page.body().getBytes(0, Math.min(page.body().length(), HtmlInjector.LOOKED_AT)));
      sha.update(String.valueOf(page.headers().get(CONTENT_TYPE)).getBytes(StandardCharsets.UTF_8));
      sha.update(page.headers().getAll(HtmlInjector.POLICY).toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest());
    }
  }
}
