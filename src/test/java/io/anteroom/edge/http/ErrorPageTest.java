package io.anteroom.edge.http;

import static io.anteroom.http.Language.CHINESE;
import static io.anteroom.http.Language.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.http.HtmlPages.Page;
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

    Page page = ErrorPage.of(ApiException.of(code, "what happened", "发生了什么").details("exactly"));

    assertThat(page.in(ENGLISH)).contains("what happened", "<small>" + code.word() + ": exactly</small>");
    assertThat(page.in(CHINESE)).contains("发生了什么", "<small>" + code.word() + ": exactly</small>");
    assertThat(page.in(ENGLISH).contains("tries again by itself")).isEqualTo(passes);
    assertThat(page.in(CHINESE).contains("自动重试")).isEqualTo(passes);
  }

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "</small><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;"})
  void whatIsForeignIsTextAndNothingElse(String hostile) {
    PageText.isText(hostile, text -> ErrorPage.of(ApiException.of(Code.UNKNOWN_PATH, text, "中文")).in(ENGLISH));
    PageText.isText(hostile, text -> ErrorPage.of(ApiException.of(Code.BUSY, "English", text)).in(CHINESE));
    PageText.isText(hostile, text ->
      ErrorPage.of(ApiException.of(Code.BUSY, "English", "中文").details(text)).in(ENGLISH));
  }
}
