package io.anteroom.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Work that one JVM at a time may do, since it writes where the others would write too. */
public final class MachineLock {
  private MachineLock() {
  }

  /** What the work returns; it has waited until no other JVM had this file locked. */
  public static <T> T by(Path lock, Work<T> work) {
    try {
      Files.createDirectories(lock.toAbsolutePath().getParent());
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock();
        return work.done();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot be done under the lock " + lock, failure);
    }
  }

  /** It may fail with a file. */
  public interface Work<T> {
    T done() throws IOException;
  }
}
