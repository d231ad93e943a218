package io.anteroom.edge.auth.password;

import io.anteroom.config.Settings;
import io.anteroom.config.files.FileErrors;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.directory.UserName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The content of {@code users.passwords}: a line for each user, {@code alice:<hash>} for a password and {@code
 * bob:code:<hash>} for a one-time code with which the user chooses one.
 */
public final class PasswordFile {
  private static final String CODE = "code:";
  private static final String COMMENT = "#";

  private final Map<String, Entry> entries;

  /** @param line the text after the name, which distinguishes successive entries of one user */
  record Entry(boolean isCode, PasswordHash hash, String line) {
  }

  private PasswordFile(Map<String, Entry> entries) {
    this.entries = Map.copyOf(entries);
  }

  /**
   * Reads the file; a missing one counts as empty. Blocks.
   *
   * @throws InvalidSettingsException with all errors, none of which shows a hash
   */
  public static PasswordFile read(Path file) {
    List<String> errors = new ArrayList<>();
    Map<String, Entry> entries = new HashMap<>();
    if (Files.notExists(file)) {
      return new PasswordFile(entries);
    }
    try {
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (!line.isBlank() && !line.startsWith(COMMENT)) {
          parse(line.strip(), file + ":" + number, entries, errors);
        }
      }
    } catch (IOException unreadable) {
      errors.add("users.passwords: '%s' cannot be read: %s; expected the file that \"anteroom codes\" has written"
        .formatted(file, FileErrors.reason(unreadable)));
    }
    if (!errors.isEmpty()) {
      throw new InvalidSettingsException(errors);
    }
    return new PasswordFile(entries);
  }

  /** Whether a user of this name can have a line: HTTP Basic has no colon in names either (RFC 7617). */
  public static boolean canHold(String user) {
    return !user.contains(":") && !user.startsWith(COMMENT);
  }

  /** Whether there is a line for this user. */
  public boolean has(String user) {
    return entries.containsKey(UserName.folded(user));
  }

  Optional<Entry> of(String user) {
    return Optional.ofNullable(entries.get(user));
  }

  /** Only how many there are: hashes do not belong in a log. */
  @Override
  public String toString() {
    return entries.size() + " passwords and codes";
  }

  private static void parse(String line, String location, Map<String, Entry> entries, List<String> errors) {
    String user = UserName.folded(line.replaceFirst(":.*", ""));
    String rest = line.replaceFirst("[^:]*:?", "");
    boolean isCode = rest.startsWith(CODE);
    Optional<PasswordHash> hash = PasswordHash.parse(isCode ? rest.substring(CODE.length()) : rest);
    if (!UserName.isName(user) || hash.isEmpty()) {
      errors.add("%s: expected name:hash or name:code:hash, as \"anteroom password\" and \"anteroom codes\" write it"
        .formatted(location));
    } else if (entries.put(user, new Entry(isCode, hash.get(), rest)) != null) {
      errors.add("%s: '%s' has a line already".formatted(location, user));
    }
  }

  /** Writes lines into the file of passwords, atomically: a reader sees the old or the new file, never half of one. */
  public static final class PasswordLines {
    private static final String OWNER_ONLY = "rw-------";

    private final Path file;

    private PasswordLines(Path file) {
      this.file = file;
    }

    /** @throws InvalidSettingsException when the settings name no such file */
    public static PasswordLines of(Settings settings) {
      return new PasswordLines(settings.auth().passwords().orElseThrow(() -> new InvalidSettingsException(List.of(
        "users.passwords: not set; expected the file to write into, such as conf/passwords"))));
    }

    public Path file() {
      return file;
    }

    /** Replaces the lines of these users. */
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
}
