package io.anteroom.injection;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether all content security policies of a page let our script load.
 *
 * @param refusal empty if they do
 * @param nonce   the nonce for our tag; empty if it needs none
 */
record ContentSecurityPolicy(Optional<InjectionResult> refusal, String nonce) {
  private static final Pattern NONCE = Pattern.compile("'nonce-([A-Za-z0-9+/_-]{1,200}={0,2})'",
    Pattern.CASE_INSENSITIVE);
  /** Sources that match a script of the page's own origin, whatever that is. */
  private static final Set<String> OWN_ADDRESS = Set.of("'self'", "*", "http:");
  private static final List<String> SCRIPT_DIRECTIVES = List.of("script-src-elem", "script-src", "default-src");

  private static final ContentSecurityPolicy FREE = new ContentSecurityPolicy(Optional.empty(), "");

  /** Evaluates every header and meta element of a page; a header may contain several policies. */
  static ContentSecurityPolicy of(List<String> headers, List<String> metas) {
    if (policies(headers).anyMatch(ContentSecurityPolicy::forbidsScripts)) {
      return refused(InjectionResult.CSP_SANDBOX);
    }
    List<List<String>> strict = Stream.concat(policies(headers), policies(metas))
      .flatMap(policy -> scriptSources(policy).stream())
      .filter(sources -> !allowsOwnAddress(sources))
      .toList();
    return strict.isEmpty() ? FREE : withNonceOf(strict);
  }

  /** Only a header can set a sandbox, a meta element cannot. */
  private static boolean forbidsScripts(Map<String, List<String>> policy) {
    return policy.containsKey("sandbox") && !policy.get("sandbox").contains("allow-scripts");
  }

  private static Optional<List<String>> scriptSources(Map<String, List<String>> policy) {
    return SCRIPT_DIRECTIVES.stream().filter(policy::containsKey).findFirst().map(policy::get);
  }

  /** With {@code 'strict-dynamic'} only nonces and hashes count. */
  private static boolean allowsOwnAddress(List<String> sources) {
    return sources.stream().noneMatch("'strict-dynamic'"::equalsIgnoreCase)
      && sources.stream().map(source -> source.toLowerCase(Locale.ROOT)).anyMatch(OWN_ADDRESS::contains);
  }

  /** A tag has one nonce, so every strict policy must share one. */
  private static ContentSecurityPolicy withNonceOf(List<List<String>> strict) {
    Set<String> shared = nonces(strict.get(0));
    strict.forEach(sources -> shared.retainAll(nonces(sources)));
    return shared.stream().findFirst()
      .map(nonce -> new ContentSecurityPolicy(Optional.empty(), nonce))
      .orElse(refused(InjectionResult.CSP_SCRIPT));
  }

  private static Set<String> nonces(List<String> sources) {
    Set<String> nonces = new LinkedHashSet<>();
    sources.stream().map(NONCE::matcher).filter(Matcher::matches).forEach(match -> nonces.add(match.group(1)));
    return nonces;
  }

  private static ContentSecurityPolicy refused(InjectionResult result) {
    return new ContentSecurityPolicy(Optional.of(result), "");
  }

  private static Stream<Map<String, List<String>>> policies(List<String> texts) {
    return texts.stream().flatMap(text -> Arrays.stream(text.split(","))).map(ContentSecurityPolicy::directives);
  }

  /** The directives of one policy by name; of two with the same name the first counts. */
  private static Map<String, List<String>> directives(String policy) {
    Map<String, List<String>> directives = new HashMap<>();
    for (String directive : policy.split(";")) {
      List<String> words = List.of(directive.trim().split("\\s+"));
      directives.putIfAbsent(words.get(0).toLowerCase(Locale.ROOT), words.subList(1, words.size()));
    }
    return directives;
  }
}
