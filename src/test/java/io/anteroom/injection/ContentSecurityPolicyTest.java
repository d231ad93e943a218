package io.anteroom.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Case 18 of the study's list, policy by policy. */
class ContentSecurityPolicyTest {

  @Test
  void noPolicyLetsOurScriptIn() {
    assertThat(headers()).isEqualTo(free());
  }

  @Test
  void ownAddressLetsOurScriptIn() {
    assertThat(headers("default-src 'self'")).isEqualTo(free());
    assertThat(headers("img-src 'none'")).isEqualTo(free());
    assertThat(headers("default-src 'none'; script-src 'SELF' 'unsafe-inline'")).isEqualTo(free());
    assertThat(headers("script-src 'none'; script-src-elem *")).isEqualTo(free());
  }

  @Test
  void nonceIsTakenOver() {
    assertThat(headers("script-src 'nonce-r4nd0m+/='")).isEqualTo(with("r4nd0m+/="));
    assertThat(headers("script-src 'self' 'strict-dynamic' 'nonce-abc'")).isEqualTo(with("abc"));
  }

  @Attack(31)
  @Test
  void ownAddressWithStrictDynamicButNoNonceIsRefused() {
    assertThat(headers("script-src 'self' 'strict-dynamic' 'sha256-abc='"))
      .isEqualTo(refused(InjectionResult.CSP_SCRIPT));
  }

  @Test
  void hashesAloneAndNoneAreRefused() {
    assertThat(headers("script-src 'sha256-abc='")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
    assertThat(headers("default-src 'none'")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
    assertThat(headers("script-src")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
  }

  @Test
  void allPoliciesMustAgree() {
    assertThat(headers("script-src 'self'", "script-src 'sha256-abc='")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
    assertThat(headers("script-src 'self', script-src 'none'")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
    assertThat(headers("script-src 'nonce-a'", "script-src 'nonce-b'")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
    assertThat(headers("script-src 'nonce-a' 'nonce-b'", "script-src 'nonce-b'")).isEqualTo(with("b"));
    assertThat(ContentSecurityPolicy.of(List.of("script-src 'self'"), List.of("script-src 'nonce-m'")))
      .isEqualTo(with("m"));
  }

  @Test
  void firstDirectiveOfANameCounts() {
    assertThat(headers("script-src 'self'; script-src 'none'")).isEqualTo(free());
  }

  @Attack(31)
  @Test
  void sandboxMustAllowScripts() {
    assertThat(headers("sandbox allow-forms")).isEqualTo(refused(InjectionResult.CSP_SANDBOX));
    assertThat(headers("sandbox allow-scripts")).isEqualTo(free());
    assertThat(ContentSecurityPolicy.of(List.of(), List.of("sandbox"))).isEqualTo(free());
  }

  @Attack(31)
  @Test
  void nonceThatWouldBreakOutOfItsAttributeIsNone() {
    assertThat(headers("script-src 'nonce-\"><b>'")).isEqualTo(refused(InjectionResult.CSP_SCRIPT));
  }

  private static ContentSecurityPolicy headers(String... policies) {
    return ContentSecurityPolicy.of(List.of(policies), List.of());
  }

  private static ContentSecurityPolicy free() {
    return with("");
  }

  private static ContentSecurityPolicy with(String nonce) {
    return new ContentSecurityPolicy(Optional.empty(), nonce);
  }

  private static ContentSecurityPolicy refused(InjectionResult reason) {
    return new ContentSecurityPolicy(Optional.of(reason), "");
  }
}
