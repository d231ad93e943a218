package io.anteroom.support.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks what a wheel holds, and nothing that it should not. */
class PythonPackageTest {
  @TempDir
  private Path folder;

  @Test
  void onlyTheFolderAskedForIsUnpacked() throws IOException {
    PythonPackage wheel = wheelOf("pack/static/index.html", "pack/static/assets/index.js", "pack/__init__.py");

    wheel.unpack("pack/static/", folder.resolve("page"));

    assertThat(folder.resolve("page/index.html")).hasContent("pack/static/index.html");
    assertThat(folder.resolve("page/assets/index.js")).exists();
    assertThat(folder.resolve("page/__init__.py")).doesNotExist();
  }

  @Test
  void nothingIsWrittenOutsideTheFolder() throws IOException {
    PythonPackage wheel = wheelOf("pack/static/assets/../../evil.js");

    assertThatThrownBy(() -> wheel.unpack("pack/static/", folder.resolve("page"))).hasMessageContaining("evil.js");

    assertThat(folder.resolve("evil.js")).doesNotExist();
  }

  private PythonPackage wheelOf(String... names) throws IOException {
    Path file = folder.resolve("some.whl");
    try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes());
        zip.closeEntry();
      }
    }
    return new PythonPackage(file);
  }
}
