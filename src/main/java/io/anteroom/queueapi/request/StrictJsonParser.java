package io.anteroom.queueapi.request;

import io.anteroom.queueapi.request.JsonMember.Kind;
import io.anteroom.task.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Parses JSON so strictly that every later parser reads it the same way: no duplicate names, nothing after the end, no
 * number that Python reads as infinity, no invalid UTF-8. {@code NaN} and {@code Infinity} are allowed, as Python
 * writes and reads them.
 *
 * <p>A streaming parser in one pass without a tree: it reports the offsets of values in the upper levels; deeper ones
 * are only checked. Its memory is bounded, however long the text is.
 */
public final class StrictJsonParser {
  /** Real workflows stay under 30; Python's own parser gives up at about 1000. */
  public static final int MAX_LEVELS = 200;
  /** Names cost memory during parsing; the largest known workflows have some ten thousand. */
  public static final int MAX_NAMES = 1_000_000;

  /** Members with recorded offsets; a workflow node has three or four. */
  public static final int MAX_MEMBERS = 100_000;

  static final int MAX_DIGITS = 1_000;
  static final int MAX_NAME = 50_000;

  /** Top level, {@code prompt} and {@code extra_data}, workflow nodes and {@code extra_pnginfo}. */
  private static final int KEPT_LEVELS = 3;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** What may follow. */
  private enum Next {
    VALUE("a value"),
    VALUE_OR_END("a value or ]"),
    NAME("a name in quotes"),
    NAME_OR_END("a name in quotes or }"),
    COLON("a colon"),
    COMMA_OR_END("a comma, or the end of the list or object"),
    NOTHING("nothing more");

    private final String words;

    Next(String words) {
      this.words = words;
    }
  }

  /** The enclosing structure. */
  private enum In { NOTHING, NAME, STRING, WORD }

  private final Keeping keeping;
  private final Optional<JsonMember.Text> whole;
  private final TextPosition position = new TextPosition();
  private final JsonStringReader string = new JsonStringReader(position);
  private final JsonWordReader word = new JsonWordReader();
  private final boolean[] objects = new boolean[MAX_LEVELS + 1];
  private final NameSet[] names = new NameSet[MAX_LEVELS + 1];
  /** The open objects and lists of the upper levels, innermost first. */
  private final Deque<Frame> frames = new ArrayDeque<>();

  private Next next = Next.VALUE;
  private In in = In.NOTHING;
  private int depth;
  private int nameCount;
  private int memberCount;
  private long length;
  private int pieceStart;
  private long nameStart;
  /** The next value, or the current scalar; null for one whose offsets are not recorded. */
  private Frame awaited = new Frame("", 0);
  private Capture capture;
  private JsonMember root;

  /** Decides which texts of values are kept for later use. */
  public interface Keeping {
    Keeping NOTHING = (parent, name) -> 0;

    /**
     * The maximum size in bytes of a value to keep.
     *
     * @param parent the top-level member that contains it; empty at the top level
     */
    int bytes(String parent, String name);
  }

  /** A value of the upper levels that has started. */
  private static final class Frame {
    private final String name;
    private final long start;
    private long valueStart;
    private Kind kind;
    private int depth;
    private boolean keepsMembers;
    private boolean ofStrings = true;
    private List<JsonMember> members = List.of();

    Frame(String name, long start) {
      this.name = name;
      this.start = start;
    }
  }

  /** The text of a value, up to a maximum length. */
  private static final class Capture {
    private final Frame frame;
    private final int max;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean isTooLong;

    Capture(Frame frame, int max) {
      this.frame = frame;
      this.max = max;
    }

    void add(byte[] piece, int from, int to) {
      isTooLong |= text.size() + to - from > max;
      if (!isTooLong) {
        text.write(piece, from, to - from);
      }
    }

    Optional<JsonMember.Text> text() {
      return isTooLong ? Optional.empty() : Optional.of(text(text.toByteArray(), frame.valueStart));
    }

    /** @param offset how many bytes precede these */
    static JsonMember.Text text(byte[] bytes, long offset) {
      return (from, to) -> new String(bytes, (int) (from - offset), (int) (to - from), StandardCharsets.UTF_8);
    }
  }

  /** A parser that gets its text by {@link #read(byte[], int, int)}. */
  public StrictJsonParser(Keeping keeping) {
    this(keeping, Optional.empty());
  }

  private StrictJsonParser(Keeping keeping, Optional<JsonMember.Text> whole) {
    this.keeping = keeping;
    this.whole = whole;
  }

  /** Parses {@code text} as one value, a member without a name. */
  public static JsonMember read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same for UTF-8, which the members keep. */
  public static JsonMember read(byte[] text) {
    StrictJsonParser reader = new StrictJsonParser(Keeping.NOTHING, Optional.of(Capture.text(text, 0)));
    reader.read(text, 0, text.length);
    return reader.end();
  }

  /** Reads the next piece; throws an error if the text is invalid. */
  public void read(byte[] piece, int from, int to) {
    position.begin(length, from);
    pieceStart = from;
    int at = length == 0 && beginsWithMark(piece, from, to) ? from + BYTE_ORDER_MARK.length : from;
    while (at < to) {
      at = switch (in) {
        case NOTHING -> between(piece, at);
        case NAME, STRING -> string(piece, at, to);
        case WORD -> word(piece, at, to);
      };
    }
    if (capture != null) {
      capture.add(piece, captureStart(), to);
    }
    length += to - from;
  }

  /** Ends the text. */
  public JsonMember end() {
    position.begin(length, 0);
    pieceStart = 0;
    if (in == In.WORD) {
      endWord(new byte[0], 0);
    }
    if (in != In.NOTHING || next != Next.NOTHING) {
      throw broken(0, in == In.NOTHING && depth == 0 ? "the request is empty" : "the text ends too early");
    }
    return root;
  }

  private static boolean beginsWithMark(byte[] piece, int from, int to) {
    return to - from >= BYTE_ORDER_MARK.length && piece[from] == BYTE_ORDER_MARK[0]
      && piece[from + 1] == BYTE_ORDER_MARK[1] && piece[from + 2] == BYTE_ORDER_MARK[2];
  }

  /** Where in this piece the captured value starts or continues. */
  private int captureStart() {
    return (int) Math.max(pieceStart, pieceStart + capture.frame.valueStart - position.offset(pieceStart));
  }

  private int between(byte[] piece, int at) {
    byte sign = piece[at];
    switch (sign) {
      case '\n' -> position.endLine(at);
      case ' ', '\t', '\r' -> { }
      case '"' -> quote(at);
      case '{', '[' -> open(sign == '{', at);
      case '}', ']' -> close(sign == '}', piece, at);
      case ':' -> {
        require(next == Next.COLON, at);
        next = Next.VALUE;
      }
      case ',' -> {
        require(next == Next.COMMA_OR_END, at);
        next = objects[depth] ? Next.NAME : Next.VALUE;
      }
      default -> {
        require(JsonWordReader.isPart(sign), at);
        beginValue(null, at);
        word.begin();
        in = In.WORD;
        return at;
      }
    }
    return at + 1;
  }

  private void quote(int at) {
    boolean isName = next == Next.NAME || next == Next.NAME_OR_END;
    if (isName) {
      nameStart = position.offset(at);
    } else {
      beginValue(Kind.STRING, at);
    }
    string.begin(isName);
    in = isName ? In.NAME : In.STRING;
  }

  private int string(byte[] piece, int from, int to) {
    int at = string.read(piece, from, to);
    if (string.isEnded() && in == In.NAME) {
      endName(at);
    } else if (string.isEnded()) {
      in = In.NOTHING;
      endScalar(piece, at);
    }
    return at;
  }

  private void endName(int at) {
    String name = string.name();
    if (++nameCount > MAX_NAMES || name.length() > MAX_NAME) {
      throw SubmissionErrors.tooIntricate(position.moveTo(at));
    }
    if (!names[depth].add(name)) {
      throw broken(at, "duplicate name '%s' in an object".formatted(name));
    }
    Frame parent = frames.peek();
    boolean isNoted = parent != null && parent.depth == depth && parent.keepsMembers;
    if (isNoted && ++memberCount > MAX_MEMBERS) {
      throw SubmissionErrors.tooManyMembers(position.moveTo(at));
    }
    awaited = isNoted ? new Frame(name, nameStart) : null;
    in = In.NOTHING;
    next = Next.COLON;
  }

  private int word(byte[] piece, int from, int to) {
    int at = from;
    while (at < to && JsonWordReader.isPart(piece[at])) {
      if (!word.add(piece[at])) {
        throw SubmissionErrors.tooIntricate(position.moveTo(at));
      }
      at++;
    }
    if (at < to) {
      endWord(piece, at);
    }
    return at;
  }

  private void endWord(byte[] piece, int at) {
    in = In.NOTHING;
    Kind kind = word.kind(position.moveTo(at));
    if (awaited != null) {
      awaited.kind = kind;
    }
    endScalar(piece, at);
  }

  /** @param kind null if it is known only at its end */
  private void beginValue(Kind kind, int at) {
    require(next == Next.VALUE || next == Next.VALUE_OR_END, at);
    Frame parent = frames.peek();
    if (parent != null && parent.depth == depth && parent.kind == Kind.LIST) {
      parent.ofStrings &= kind == Kind.STRING;
    }
    if (awaited == null) {
      return;
    }
    awaited.kind = kind;
    awaited.valueStart = position.offset(at);
    int max = capture != null || frames.isEmpty() || frames.size() > 2 ? 0
      : keeping.bytes(frames.size() == 1 ? "" : parent.name, awaited.name);
    if (max > 0) {
      capture = new Capture(awaited, max);
    }
  }

  private void open(boolean isObject, int at) {
    beginValue(isObject ? Kind.OBJECT : Kind.LIST, at);
    if (++depth > MAX_LEVELS) {
      throw SubmissionErrors.tooIntricate(position.moveTo(at));
    }
    objects[depth] = isObject;
    if (isObject) {
      names[depth] = names[depth] == null ? new NameSet() : names[depth].cleared();
    }
    if (awaited != null) {
      awaited.depth = depth;
      awaited.keepsMembers = isObject && frames.size() < KEPT_LEVELS;
      awaited.members = awaited.keepsMembers ? new ArrayList<>(4) : List.of();
      frames.push(awaited);
      awaited = null;
    }
    next = isObject ? Next.NAME_OR_END : Next.VALUE_OR_END;
  }

  private void close(boolean isObject, byte[] piece, int at) {
    boolean isEmpty = next == (isObject ? Next.NAME_OR_END : Next.VALUE_OR_END);
    require(depth > 0 && objects[depth] == isObject && (isEmpty || next == Next.COMMA_OR_END), at);
    Frame closed = frames.peek() != null && frames.peek().depth == depth ? frames.pop() : null;
    depth--;
    endValue(closed, piece, at + 1);
  }

  private void endScalar(byte[] piece, int end) {
    Frame ended = awaited;
    awaited = null;
    endValue(ended, piece, end);
  }

  /** @param ended null for one whose offsets are not recorded */
  private void endValue(Frame ended, byte[] piece, int end) {
    next = depth == 0 ? Next.NOTHING : Next.COMMA_OR_END;
    if (ended == null) {
      return;
    }
    Optional<JsonMember.Text> text = whole;
    if (capture != null && capture.frame == ended) {
      capture.add(piece, captureStart(), end);
      text = capture.text();
      capture = null;
    }
    JsonMember member = new JsonMember(text, ended.name, ended.kind, ended.kind == Kind.LIST && ended.ofStrings,
      ended.start,
      ended.valueStart, position.offset(end), ended.members);
    if (frames.isEmpty()) {
      root = member;
    } else {
      frames.peek().members.add(member);
    }
  }

  private void require(boolean isExpected, int at) {
    if (!isExpected) {
      throw broken(at, "expected " + next.words);
    }
  }

  private ApiException broken(int at, String why) {
    return SubmissionErrors.notJson(position.moveTo(at), why);
  }
}
