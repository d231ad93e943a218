package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.doctor.ProgramVersion;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keeps the libraries from falling back to versions with published holes. */
class KnownHolesTest {
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.]*(?:-\\w+)*)\\.jar");

  @ParameterizedTest
  @CsvSource({
    "netty-codec-http, 4.2.18, 'CVE-2026-33870, -42581, -50020, -59903, -89044: request smuggling'",
    "netty-codec-http2, 4.2.15, 'CVE-2026-33871, -47244, -50560: floods'",
    "netty-codec-compression, 4.2.13, CVE-2026-42587: bombs",
    "netty-handler, 4.2.15, 'CVE-2026-45416, -50010: SNI, TLS without a check of the name'",
    "netty-common, 4.2.18, one version of all parts",
    "vertx-core, 5.0.12, CVE-2026-6860: SNI cache without a bound",
    "vertx-web, 5.0.7, CVE-2026-1002: static files",
    "jackson-core, 2.18.6, 'GHSA-72hv-8253-57qq, GHSA-r7wm-3cxj-wff9: numbers without a bound'"})
  void noLibraryIsOlderThanTheFirstWithoutTheHole(String artifact, String first, String hole) {
    List<ProgramVersion> versions = versionsOf(artifact);

    assertThat(versions).as(artifact).hasSize(1);
    assertThat(versions.get(0).isBefore(ProgramVersion.of(first))).as("%s %s has %s", artifact, versions.get(0), hole)
      .isFalse();
  }

  private static List<ProgramVersion> versionsOf(String artifact) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
      .map(entry -> JAR.matcher(Path.of(entry).getFileName().toString()))
      .filter(Matcher::matches)
      .filter(jar -> jar.group(1).equals(artifact))
      .map(jar -> ProgramVersion.of(jar.group(2)))
      .toList();
  }
}
