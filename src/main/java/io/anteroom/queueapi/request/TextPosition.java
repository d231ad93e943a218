package io.anteroom.queueapi.request;

/** Where a reader stands in a text that it is handed in pieces, in bytes and as people count. */
public final class TextPosition {
  private long line = 1;
  private long lineStart;
  private long at;
  /** What is added to an index of the piece at hand. */
  private long base;

  /** A piece follows whose first byte has this index. */
  void begin(long offset, int from) {
    base = offset - from;
  }

  /** How many bytes of the text stand before this index of the piece. */
  long offset(int index) {
    return base + index;
  }

  /** Here something is to be told of. */
  TextPosition moveTo(int index) {
    at = offset(index);
    return this;
  }

  /** A line ends at this index. */
  void endLine(int index) {
    line++;
    lineStart = offset(index) + 1;
  }

  public long line() {
    return line;
  }

  public long column() {
    return at - lineStart + 1;
  }
}
