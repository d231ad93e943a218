package io.anteroom.edge.auth.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else has chosen stands on the pages of signing in as text, whatever it would be to a browser. */
class SignInPageTest {
  private final SignInPage pages = new SignInPage(request -> "");

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "\" autofocus onfocus=\"hit()", "</p><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;"})
  void whatIsForeignIsTextAndNothingElse(String hostile) {
    Optional<ApiException> why = Optional.of(ApiException.of(Code.NOT_YOURS, hostile, hostile));

    assertThat(List.of(pages.signIn(true, List.of(), hostile, why), pages.choose(hostile, hostile, hostile, why)))
      .allSatisfy(page -> assertThat(page).contains("hit()").doesNotContain(hostile));
  }
}
