package io.anteroom.support.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A Python package as it is published: a zip file, unpacked without letting it write anywhere else. */
public final class PythonPackage {
  private final Path file;

  public PythonPackage(Path file) {
    this.file = file;
  }

  /** Writes what lies below this folder of the wheel, named with a slash at its end, into that one. */
  public void unpack(String below, Path into) throws IOException {
    try (InputStream in = Files.newInputStream(file); ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory() && entry.getName().startsWith(below)) {
          write(zip, target(entry.getName().substring(below.length()), into));
        }
      }
    }
  }

  private static Path target(String name, Path into) throws IOException {
    Path root = into.toAbsolutePath().normalize();
    Path target = root.resolve(name).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the wheel wants to write outside its folder: " + name);
    }
    return target;
  }

  private static void write(InputStream content, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Files.copy(content, target);
  }
}
