package io.anteroom.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorPageTest {
  @ParameterizedTest
  @EnumSource(Code.class)
  void eachCodeHasItsPage(Code code) {
    boolean passes = code.status() >= 502;

    String page = ErrorPage.of(ApiException.of(code, "what happened", "发生了什么").details("exactly"));

    assertThat(page).contains("what happened", "发生了什么", "<small>" + code.word() + ": exactly</small>");
    assertThat(page.contains("tries again by itself")).isEqualTo(passes);
  }

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "</small><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;"})
  void whatIsForeignIsTextAndNothingElse(String hostile) {
    assertThat(ErrorPage.of(ApiException.of(Code.UNKNOWN_PATH, hostile, "中文"))).contains("hit()")
      .doesNotContain(hostile);
    assertThat(ErrorPage.of(ApiException.of(Code.BUSY, "English", hostile))).contains("hit()").doesNotContain(hostile);
    assertThat(ErrorPage.of(ApiException.of(Code.BUSY, "English", "中文").details(hostile)))
      .contains("hit()").doesNotContain(hostile);
  }
}
