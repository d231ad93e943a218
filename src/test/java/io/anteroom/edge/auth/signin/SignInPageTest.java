package io.anteroom.edge.auth.signin;

import io.anteroom.attack.Attack;
import io.anteroom.edge.http.PageText;
import io.anteroom.http.Language;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign values are text on the pages of signing in (XSS). */
class SignInPageTest {
  private final SignInPage pages = new SignInPage(request -> "");

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "\" autofocus onfocus=\"hit()", "</p><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;"})
  void whatIsForeignIsTextAndNothingElse(String hostile) {
    for (Language language : Language.values()) {
      PageText.isText(hostile, text -> pages.signIn(true, List.of(), text, error(text)).in(language));
      PageText.isText(hostile, text -> pages.choose(text, text, text, error(text)).in(language));
    }
  }

  private static Optional<ApiException> error(String text) {
    return Optional.of(ApiException.of(Code.NOT_YOURS, text, text));
  }
}
