package io.anteroom.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentPathTest {

  @ParameterizedTest
  @CsvSource({
    "/u/alice/, alice, /u/alice/, /",
    "/u/alice/api/x?a=/b, alice, /u/alice/, /api/x?a=/b",
    "/u/alice//x, alice, /u/alice/, //x",
    "/u/bobby/x, bobby, /u/bobby/, /x",
    "/u/%E5%BC%A0%E4%B8%89/x%20y, 张三, /u/%E5%BC%A0%E4%B8%89/, /x%20y",
    "/u/a%2Fb/x, a/b, /u/a%2Fb/, /x",
    "/u/%2561/x, %61, /u/%2561/, /x",
    "/u/%zz/x, %zz, /u/%zz/, /x",
    "/u/a+b/x, a+b, /u/a+b/, /x",
    "/api/v1/comfy/proxy/alice/u/bob/, alice, /api/v1/comfy/proxy/alice/, /u/bob/",
  })
  void thePrefixEndsWithTheUsersSegment(String uri, String user, String prefix, String inner) {
    StudentPath path = StudentPath.of(new RawUri(uri)).orElseThrow();

    assertThat(path).isEqualTo(new StudentPath(user, prefix, new RawUri(inner)));
    assertThat(path.lacksSlash()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/u/alice, /u/alice/",
    "/u/alice?a=b/c, /u/alice/?a=b/c",
    "/api/v1/comfy/proxy/alice?x, /api/v1/comfy/proxy/alice/?x",
  })
  void aMissingSlashIsSeen(String uri, String withSlash) {
    StudentPath path = StudentPath.of(new RawUri(uri)).orElseThrow();

    assertThat(path.lacksSlash()).isTrue();
    assertThat(path.withSlash()).isEqualTo(withSlash);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/u", "/users", "/U/alice/", "/api/v1/comfy/queue", "/prompt", "//u/alice/"})
  void everythingElseIsNoStudentsPath(String uri) {
    assertThat(StudentPath.of(new RawUri(uri))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/u/alice/../bob/", "/u/alice/..", "/u/alice/%2e%2e/bob/", "/u/alice/.%2E/bob/", "/u/alice/./x", "/u/../x",
    "/u/alice/a\\..\\b", "/u/alice/..%2Fbob/", "/u/alice/%2e%2e/bob/%zz", "/u/alice/..;x/bob/",
    "/u/alice/..%5cbob/", "/u/alice/%252e%252e/bob/", "/u/alice/%252e%252e%252fbob/", "/u/alice/%c0%ae%C0%AE/bob/",
    "/u/alice/x%00.png", "/u/alice/%2e%2e%3bx/bob/", "/u/alice/x#y", "/u/alice/张", "http://evil/u/alice/", "*", "",
  })
  void whatAnotherServerCouldReadDifferentlyIsUnsafe(String uri) {
    assertThat(new RawUri(uri).isSafe()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/u/alice/a%2Fb", "/u/alice/a%252Fb", "/u/alice/...", "/u/alice/x?y=..\\z/../", "/u/alice/;x",
  })
  void whatIsOnlyUnusualIsSafe(String uri) {
    assertThat(new RawUri(uri).isSafe()).isTrue();
  }

  @Test
  void theMeaningIsReadAsAnInstanceWould() {
    assertThat(new RawUri("/api//%70rompt?x=/y").meaning()).isEqualTo("/api/prompt");
    assertThat(new RawUri("/%2570rompt").meaning()).isEqualTo("/%70rompt");
    assertThat(new RawUri("/%").meaning()).isEqualTo("/%");
  }
}
