package io.anteroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class WebAssetsTest {
  private final WebAssets files = new WebAssets();

  @Test
  void scriptIsFoundUnderEveryVersion() {
    assertThat(files.find(files.bootName())).isEqualTo(files.find("boot.js")).isPresent();
    assertThat(files.find("widget.0123456789.js")).isEqualTo(files.find("widget.js")).isPresent();
  }

  @Test
  void nothingButOurFilesIsFound() {
    assertThat(files.find("none.js")).isEmpty();
    assertThat(files.find("../cluster.xml")).isEmpty();
    assertThat(files.find("boot.js/../widget.js")).isEmpty();
    assertThat(files.find("")).isEmpty();
  }

  @Test
  void versionIsTenHexDigits() {
    assertThat(files.bootName()).matches("boot\\.[0-9a-f]{10}\\.js");
  }

  @Test
  void scriptsStayWithinTheirBudget() throws IOException {
    assertThat(gzipped("boot.js") + gzipped("widget.js")).isLessThan(15_000);
  }

  private int gzipped(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(files.find(name).orElseThrow().getBytes());
    }
    return out.size();
  }
}
