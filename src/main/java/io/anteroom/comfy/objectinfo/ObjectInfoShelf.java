package io.anteroom.comfy.objectinfo;

import io.anteroom.comfy.Release;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps what instances answered last: bounded in number and in bytes, equal answers once. */
final class ObjectInfoShelf {
  private static final int MOST_INSTANCES = 1_000;
  private static final long MOST_BYTES = Math.max(16 << 20, Runtime.getRuntime().maxMemory() / 16);

  /** What is kept of one text. */
  private record Content(String hash, long bytes, Map<String, NodeClass> classes) {
  }

  /** What an instance says of itself besides. */
  record Facts(Optional<Release> release, boolean judges) {
  }

  private record Book(Content content, InstanceNodes nodes) {
  }

  /** By instance, least recently used first. Guarded by this. */
  private final Map<String, Book> books = new LinkedHashMap<>(16, 0.75f, true);

  synchronized Optional<InstanceNodes> find(String instance) {
    return Optional.ofNullable(books.get(instance)).map(Book::nodes);
  }

  /** Reads the text, unless an equal one was read already, and keeps it; fails when it cannot be read. */
  InstanceNodes put(String instance, Buffer text, Facts facts, long began) {
    String hash = hash(text);
    Content content = known(hash).orElseGet(() -> new Content(hash, text.length(), ObjectInfoReader.read(text)));
    InstanceNodes nodes = new InstanceNodes(facts.release(), content.classes(), facts.judges(), began);
    keep(instance, new Book(content, nodes));
    return nodes;
  }

  private synchronized Optional<Content> known(String hash) {
    return books.values().stream().map(Book::content).filter(content -> content.hash().equals(hash)).findFirst();
  }

  private synchronized void keep(String instance, Book book) {
    books.put(instance, book);
    while (books.size() > 1 && (books.size() > MOST_INSTANCES || bytes() > MOST_BYTES)) {
      books.remove(books.keySet().iterator().next());
    }
  }

  private long bytes() {
    Map<String, Long> distinct = new HashMap<>();
    books.values().forEach(book -> distinct.put(book.content().hash(), book.content().bytes()));
    return distinct.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String hash(Buffer text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
