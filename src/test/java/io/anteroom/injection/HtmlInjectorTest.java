package io.anteroom.injection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.injection.HtmlInjector.Plan;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the script goes and that nothing else changes; numbers are those of the study's list of cases. */
class HtmlInjectorTest {
  private static final String TAG = "<script src=\"_anteroom/boot.0123456789.js\" data-anteroom=\"1\"></script>";

  private final HtmlInjector injector = new HtmlInjector("boot.0123456789.js");

  @Test
  void case1PlainPage() {
    injects("<!doctype html><html lang=\"en\"><head>|<title>ComfyUI</title></head><body></body></html>");
  }

  @Test
  void case3TagsInOddCaseWithAttributes() {
    injects("<HTML><HEAD data-x=\">\" data-y='<head>'\n >|<TITLE>x</TITLE></HEAD></HTML>");
  }

  @Test
  void case4NoHeadTag() {
    injects("<!doctype html><html>|<title>x</title><body>y</body></html>");
    injects("<!doctype html><html>\n|<body class=\"a\">y</body></html>");
    injects("  <!doctype html>\r\n<!-- a -->|<meta name=\"a\"><body>y");
  }

  @Test
  void case5NoHtmlHeadOrBody() {
    injects("|<div id=\"vue-app\"></div>");
    injects("words first, then |<p>a paragraph");
    skips(InjectionResult.NO_TAG, "no tag at all");
    skips(InjectionResult.NO_TAG, "");
    skips(InjectionResult.NO_TAG, "<!doctype html><!-- only --></p>");
  }

  @Test
  void case6CommentWithAHeadBeforeTheRealOne() {
    injects("<!-- <html><head> --><!doctype html><html><!-- <head> --><head>|<title>x</title></head>");
  }

  @Test
  void case7ScriptTextWithAHead() {
    injects("<html><head>|<script>var a = '<head>', b = '</head>';</script></head><body><textarea><head></textarea>");
    injects("<html>|<script>var a = '<head>';</script><body>");
  }

  @Test
  void case8MarkOfUtf8() {
    injects("\uFEFF<!doctype html><html><head>|<!-- 图 --><title>图像工作流</title></head>");
    injects("\uFEFF|<title>图像工作流</title>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "GBK", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "windows-1252"})
  void case8EveryCharsetWithAsciiMarkup(String charset) {
    String page = "<html data-a=\"乗能門構ソ表あ中文한\">\r\n<!-- 能ソ構 --><head>|<title>中文</title></head>中\0文";
    Buffer before = encoded(page.replace("|", ""), charset);

    Plan plan = injector.plan(before, headers("text/html; charset=" + charset));

    assertThat(plan.verdict()).isEqualTo(InjectionResult.INJECTED);
    assertThat(injector.body(plan, before, "/")).isEqualTo(encoded(page.replace("|", TAG), charset));
    assertThat(plan.charset()).isEmpty();
  }

  @Test
  void case8Utf16AndItsLikePassThrough() {
    Buffer marked = Buffer.buffer("\uFEFF<html><head>".getBytes(StandardCharsets.UTF_16LE));
    Buffer unmarked = Buffer.buffer("<html><head>".getBytes(StandardCharsets.UTF_16BE));

    assertThat(injector.plan(marked, headers("text/html")).verdict()).isEqualTo(InjectionResult.CHARSET);
    assertThat(injector.plan(unmarked, headers("text/html")).verdict()).isEqualTo(InjectionResult.NO_TAG);
    assertThat(injector.plan(Buffer.buffer("<head>"), headers("text/html; charset=\"ISO-2022-JP\"")).verdict())
      .isEqualTo(InjectionResult.CHARSET);
    skips(InjectionResult.CHARSET, "<head><meta charset=utf-7>");
  }

  @Test
  void case9MetaCharsetRightBehindTheHeadStaysFirst() {
    injects("<html><head>\n  <meta charset=\"utf-8\">|<title>x</title>");
    injects("<html><head><meta charset='gbk'/>|<title>x</title>");
    injects("<html><head>|<meta name=\"viewport\"><meta charset=\"utf-8\">");
  }

  @Test
  void case9CharsetOfAMetaThatMovesGoesIntoTheHeader() {
    String late = "<html><head><!--" + "x".repeat(950) + "--><meta charset=\"UTF-8\"><title>中文</title>";

    assertThat(contentType("text/html", late)).isEqualTo("text/html; charset=utf-8");
    assertThat(contentType("text/html; charset=gbk", late)).isEqualTo("text/html; charset=gbk");
    assertThat(contentType("text/html", "<head><title>x")).isEqualTo("text/html");
    assertThat(contentType("text/html",
      "<head><meta http-equiv=Content-Type content='text/html; charset=GB2312'>")).endsWith("charset=gb2312");
  }

  @Test
  void case17LengthIsInBytes() {
    Buffer page = Buffer.buffer("<head><title>排队中</title>");
    Plan plan = injector.plan(page, headers("text/html"));
    Buffer body = injector.body(plan, page, "/");

    assertThat(body.length()).isEqualTo(page.length() + TAG.length());
    assertThat(injector.headers(plan, headers("text/html"), body.length()))
      .containsEntry("Content-Length", String.valueOf(body.getBytes().length));
  }

  @Test
  void case18NonceOfHeaderOrMetaIsOnOurTag() {
    Buffer page = Buffer.buffer("<head><meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-m1'\">");
    Plan plan = injector.plan(page, headers("text/html"));

    assertThat(injector.body(plan, page, "/").toString())
      .startsWith("<head>" + TAG.replace("=\"1\"", "=\"1\" nonce=\"m1\"") + "<meta");
  }

  @Test
  void case18PolicyThatForbidsUsSkips() {
    MultiMap headers = headers("text/html").add("content-security-policy", "script-src 'sha256-a='");

    assertThat(injector.plan(Buffer.buffer("<head>"), headers).verdict()).isEqualTo(InjectionResult.CSP_SCRIPT);
  }

  @Test
  void case18PolicyThatOnlyReportsIsNone() {
    MultiMap headers = headers("text/html").add("Content-Security-Policy-Report-Only", "script-src 'none'");

    assertThat(injector.plan(Buffer.buffer("<head>"), headers).verdict()).isEqualTo(InjectionResult.INJECTED);
  }

  @Test
  void case19PolicyOfComfyUiOffline() {
    MultiMap headers = headers("text/html").add("Content-Security-Policy",
      "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self'; connect-src 'self' data:; frame-src 'self'; object-src 'self'");

    Plan plan = injector.plan(Buffer.buffer("<head>"), headers);

    assertThat(plan).isEqualTo(new Plan(InjectionResult.INJECTED, 6, "", ""));
  }

  @Test
  void case20OurScriptComesBeforeImportMapAndModules() {
    injects("<html><head>|<script type=\"importmap\">{\"imports\":{}}</script><script type=\"module\" src=\"a.js\">");
  }

  @Test
  void case22SecondAnteroomOnTheWayAddsNothing() {
    Buffer once = injected("<html><head><title>x</title>");

    assertThat(injector.plan(once, headers("text/html")).verdict()).isEqualTo(InjectionResult.ALREADY_THERE);
  }

  @Test
  void headThatBeginsTooLateIsNone() {
    skips(InjectionResult.NO_TAG, "<!--" + "x".repeat(HtmlInjector.LOOKED_AT) + "--><html><head>");
    skips(InjectionResult.NO_TAG, "<head data-x=\"" + "x".repeat(HtmlInjector.LOOKED_AT) + "\">");
  }

  @Test
  void addressOfTheScriptIsRelativeToThePage() {
    Buffer page = Buffer.buffer("<head>");
    Plan plan = injector.plan(page, headers("text/html"));

    assertThat(injector.body(plan, page, "/index.html?a=/b/c").toString()).contains("src=\"_anteroom/");
    assertThat(injector.body(plan, page, "/extensions/pack/").toString()).contains("src=\"../../_anteroom/");
  }

  /** Trap 16: what spoke of the page as it was would have a browser keep it, or cut it short. */
  @Test
  void headersSpeakOfTheNewPage() {
    MultiMap original = headers("text/html; charset=utf-8").add("ETag", "\"1\"").add("Last-Modified", "x")
      .add("Accept-Ranges", "bytes").add("Digest", "x").add("Connection", "keep-alive, X-Hop").add("X-Hop", "1")
      .add("Transfer-Encoding", "chunked").add("cache-control", "no-cache").add("X-A", "1").add("x-a", "2");

    Map<String, String> headers = injector.headers(new Plan(InjectionResult.INJECTED, 0, "", ""), original, 7);

    assertThat(headers).containsOnly(Map.entry("content-type", "text/html; charset=utf-8"),
      Map.entry("cache-control", "no-store"), Map.entry("content-length", "7"), Map.entry("X-A", "1, 2"));
  }

  /** The page with {@code |} where our tag belongs. */
  private void injects(String page) {
    assertThat(injected(page.replace("|", "")).toString()).isEqualTo(page.replace("|", TAG));
  }

  private void skips(InjectionResult reason, String page) {
    assertThat(injector.plan(Buffer.buffer(page), headers("text/html"))).isEqualTo(Plan.skip(reason));
  }

  private Buffer injected(String page) {
    Buffer bytes = Buffer.buffer(page.getBytes(UTF_8));
    Plan plan = injector.plan(bytes, headers("text/html"));
    assertThat(plan.verdict()).isEqualTo(InjectionResult.INJECTED);
    return injector.body(plan, bytes, "/");
  }

  private String contentType(String declared, String page) {
    Plan plan = injector.plan(Buffer.buffer(page), headers(declared));
    return injector.headers(plan, headers(declared), 1).get("Content-Type");
  }

  private static Buffer encoded(String text, String charset) {
    return Buffer.buffer(text.getBytes(Charset.forName(charset)));
  }

  private static MultiMap headers(String contentType) {
    return MultiMap.caseInsensitiveMultiMap().add("Content-Type", contentType);
  }
}
