package io.anteroom.edge.auth.password;

import io.anteroom.config.FileErrors;
import io.anteroom.config.Settings;
import io.anteroom.config.WrongSettings;
import io.anteroom.directory.UserName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes lines into the file of passwords; whoever reads it meanwhile sees the old or the new one, never half. */
public final class PasswordLines {
  private static final String OWNER_ONLY = "rw-------";

  private final Path file;

  private PasswordLines(Path file) {
    this.file = file;
  }

  /** @throws WrongSettings when the settings name no such file */
  public static PasswordLines of(Settings settings) {
    return new PasswordLines(settings.auth().passwords().orElseThrow(() -> new WrongSettings(List.of(
      "users.passwords is '' (default); right would be the file to write into, as conf/passwords"))));
  }

  public Path file() {
    return file;
  }

  /** Puts these lines in place of those of the same users. */
  public void put(Map<String, String> linesByUser) {
    try {
      List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
      Set<String> users = linesByUser.keySet();
      lines.removeIf(line -> users.contains(UserName.folded(line.replaceFirst(":.*", ""))));
      lines.addAll(linesByUser.values());
      write(lines);
    } catch (IOException failure) {
      throw new UncheckedIOException("%s could not be written: %s".formatted(file, FileErrors.reason(failure)),
        failure);
    }
  }

  private void write(List<String> lines) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path draft = Files.createTempFile(folder, "passwords", ".new");
    Files.write(draft, lines);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(OWNER_ONLY));
    }
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
