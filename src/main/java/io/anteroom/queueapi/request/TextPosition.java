package io.anteroom.queueapi.request;

/** The position of a parser in a text that comes in pieces: byte offset, line and column. */
public final class TextPosition {
  private long line = 1;
  private long lineStart;
  private long at;
  /** Added to an index of the current piece. */
  private long base;

  /** Starts a piece whose first byte has this index. */
  void begin(long offset, int from) {
    base = offset - from;
  }

  /** How many bytes of the text precede this index of the piece. */
  long offset(int index) {
    return base + index;
  }

  /** Moves to an index to report. */
  TextPosition moveTo(int index) {
    at = offset(index);
    return this;
  }

  /** Ends a line at this index. */
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
