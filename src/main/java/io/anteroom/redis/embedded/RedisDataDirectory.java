package io.anteroom.redis.embedded;

import io.anteroom.config.files.FileErrors;
import io.anteroom.redis.embedded.RedisProcess.Probe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the embedded Redis: data, settings, password and log, readable by this user only. */
final class RedisDataDirectory {
  private static final Logger log = LoggerFactory.getLogger(RedisDataDirectory.class);
  private static final int LAST_LINES = 8;
  /** The executable, its log, and the file of a first class. */
  private static final long MIN_SPACE = 16L << 20;
  private static final String LOCK = "lock";
  /** Debian's redis-server is a link to redis-check-rdb: they are one program. */
  private static final Pattern REDIS = Pattern.compile("(redis|valkey)-(server|check-rdb|check-aof)");

  private final Path directory;
  private FileChannel lock;

  RedisDataDirectory(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** Why its files cannot be written, as far as that can be checked without a write; empty for no reason. */
  Optional<String> obstacle() {
    Path there = directory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      return Optional.of(there + " is not a folder");
    }
    if (!Files.isWritable(there)) {
      return Optional.of("%s cannot be written by user %s".formatted(there, System.getProperty("user.name")));
    }
    try {
      long space = Files.getFileStore(there).getUsableSpace();
      return space >= MIN_SPACE ? Optional.empty()
        : Optional.of("the disk of %s is full: %d MB are free, at least %d are needed".formatted(there, space >> 20,
          MIN_SPACE >> 20));
    } catch (IOException unknown) {
      return Optional.of("%s cannot be used: %s".formatted(there, FileErrors.reason(unknown)));
    }
  }

  /** Whether another process holds its lock. */
  boolean isLocked() {
    Path file = directory.resolve(LOCK);
    if (lock != null || !Files.isWritable(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return !isLocked(channel);
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Creates the directory and its password when they are missing. */
  void prepare() throws IOException {
    Files.createDirectories(directory);
    if (isPosix()) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    if (!Files.exists(passwordFile())) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      writeOnlyOurs(passwordFile(), HexFormat.of().formatHex(random));
    }
  }

  /**
   * Locks the data against a second Anteroom for as long as this process lives, however it ends.
   *
   * @throws IllegalStateException when another one holds the lock
   */
  void lock() throws IOException {
    lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(lock)) {
      unlock();
      throw new IllegalStateException(("The embedded Redis in %s belongs to another Anteroom that is running;"
        + " set data.dir to another directory, or redis.url to share a Redis").formatted(directory));
    }
  }

  void unlock() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException failure) {
      log.warn("The lock of the embedded Redis was not released: directory={} cause={}", directory,
        failure.getMessage());
    }
    lock = null;
  }

  String password() {
    return read(passwordFile()).strip();
  }

  /** The file for the output of this start of Redis; that of the last start is kept beside it. */
  Path log() throws IOException {
    Path current = directory.resolve("redis.log");
    if (Files.exists(current)) {
      Files.move(current, directory.resolve("redis.log.last"), StandardCopyOption.REPLACE_EXISTING);
    }
    return current;
  }

  /** The end of that output. */
  String lastOutput() {
    List<String> lines = read(directory.resolve("redis.log")).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  /** Writes the settings; the password stands in this file, not on a command line that every user can read. */
  Path configure(int port, long maxMemory) throws IOException {
    Path file = configuration();
    Files.deleteIfExists(file);
    writeOnlyOurs(file, """
      bind 127.0.0.1
      port %d
      requirepass %s
      dir "%s"
      pidfile "%s"
      daemonize no
      # Whatever was acknowledged is on disk, and nothing is ever evicted.
      appendonly yes
      appendfsync always
      save ""
      maxmemory %d
      maxmemory-policy noeviction
      """.formatted(port, password(), quoted(directory), quoted(pidFile()), maxMemory));
    return file;
  }

  /** A Redis of this directory that still runs although the Anteroom that started it has ended. */
  Optional<RedisProcess> orphan() {
    if (!Files.exists(pidFile()) || !Files.exists(configuration())) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(read(pidFile()).strip()))
      .filter(RedisDataDirectory::isRedis)
      .filter(process -> Probe.isOurs(lastPort(), password()))
      .map(RedisProcess::new);
  }

  /** The port of the last settings. */
  int lastPort() {
    return read(configuration()).lines()
      .filter(line -> line.startsWith("port "))
      .map(line -> Integer.valueOf(line.substring("port ".length()).strip()))
      .findFirst().orElse(0);
  }

  private Path configuration() {
    return directory.resolve("redis.conf");
  }

  private Path pidFile() {
    return directory.resolve("redis.pid");
  }

  private Path passwordFile() {
    return directory.resolve("redis.password");
  }

  /** Process ids are reused: the password is sent to a Redis only. */
  private static boolean isRedis(ProcessHandle process) {
    return process.info().command().map(command -> Path.of(command).getFileName().toString())
      .filter(name -> REDIS.matcher(name).lookingAt()).isPresent();
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException heldByOurselves) {
      return false;
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException failure) {
      throw new UncheckedIOException("%s cannot be read: %s".formatted(file, FileErrors.reason(failure)), failure);
    }
  }

  private static void writeOnlyOurs(Path file, String text) throws IOException {
    FileAttribute<?>[] onlyOurs = isPosix()
      ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
      : new FileAttribute<?>[0];
    Files.createFile(file, onlyOurs);
    Files.writeString(file, text);
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
