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
 * Reads JSON so strictly that every reader behind us finds the same in it: no name twice, nothing after the end, no
 * number that Python takes for infinity, no bytes that are not UTF-8. {@code NaN} and {@code Infinity} pass, as Python
 * writes and reads them.
 *
 * <p>Takes the text in pieces, in one pass, and builds no tree: it says where the values of the upper levels stand;
 * what lies deeper is checked and passed. However long the text is, what is kept of it is bounded.
 */
public final class StrictJsonParser {
  /** Real workflows stay under 30; Python's own reader gives up at about 1000. */
  public static final int MOST_LEVELS = 200;
  /** Names cost memory while they are looked at; the largest workflows seen have some ten thousand. */
  public static final int MOST_NAMES = 1_000_000;

  /** Of these it is noted where they stand; three or four are a workflow node. */
  public static final int MAX_MEMBERS = 100_000;

  static final int MAX_DIGITS = 1_000;
  static final int MAX_NAME = 50_000;

  /** On top, in {@code prompt} and {@code extra_data}, in a workflow node and {@code extra_pnginfo}. */
  private static final int KEPT_LEVELS = 3;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** What may come next. */
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

  /** In what the text stands. */
  private enum In { NOTHING, NAME, STRING, WORD }

  private final Keeping keeping;
  private final Optional<JsonMember.Text> whole;
  private final TextPosition position = new TextPosition();
  private final JsonStringReader string = new JsonStringReader(position);
  private final JsonWordReader word = new JsonWordReader();
  private final boolean[] objects = new boolean[MOST_LEVELS + 1];
  private final NameSet[] names = new NameSet[MOST_LEVELS + 1];
  /** The objects and lists of the upper levels that are open, the innermost first. */
  private final Deque<Frame> frames = new ArrayDeque<>();

  private Next next = Next.VALUE;
  private In in = In.NOTHING;
  private int depth;
  private int nameCount;
  private int memberCount;
  private long length;
  private int pieceStart;
  private long nameStart;
  /** The value that comes next, or that has begun and is none that opens; null for one whose place is not noted. */
  private Frame awaited = new Frame("", 0);
  private Capture capture;
  private JsonMember root;

  /** Which texts of values are kept for a later look at them. */
  public interface Keeping {
    Keeping NOTHING = (parent, name) -> 0;

    /**
     * How many bytes the value may have at most.
     *
     * @param parent the member of the top level in which it stands; empty when it stands there itself
     */
    int bytes(String parent, String name);
  }

  /** A value of the upper levels that has begun. */
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

  /** The text of a value, as long as it is no longer than wanted. */
  private static final class Capture {
    private final Frame frame;
    private final int most;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean isTooLong;

    Capture(Frame frame, int most) {
      this.frame = frame;
      this.most = most;
    }

    void add(byte[] piece, int from, int to) {
      isTooLong |= text.size() + to - from > most;
      if (!isTooLong) {
        text.write(piece, from, to - from);
      }
    }

    Optional<JsonMember.Text> text() {
      return isTooLong ? Optional.empty() : Optional.of(text(text.toByteArray(), frame.valueStart));
    }

    /** @param offset how many bytes stand before these */
    static JsonMember.Text text(byte[] bytes, long offset) {
      return (from, to) -> new String(bytes, (int) (from - offset), (int) (to - from), StandardCharsets.UTF_8);
    }
  }

  /** One that is handed its text by {@link #read(byte[], int, int)}. */
  public StrictJsonParser(Keeping keeping) {
    this(keeping, Optional.empty());
  }

  private StrictJsonParser(Keeping keeping, Optional<JsonMember.Text> whole) {
    this.keeping = keeping;
    this.whole = whole;
  }

  /** The one value in {@code text}, as a member without a name. */
  public static JsonMember read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same of UTF-8, which stays with the members. */
  public static JsonMember read(byte[] text) {
    StrictJsonParser reader = new StrictJsonParser(Keeping.NOTHING, Optional.of(Capture.text(text, 0)));
    reader.read(text, 0, text.length);
    return reader.end();
  }

  /** Reads the next piece; throws a refusal when the text cannot become a sound one any more. */
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

  /** The text has ended. */
  public JsonMember end() {
    position.begin(length, 0);
    pieceStart = 0;
    if (in == In.WORD) {
      endWord(new byte[0], 0);
    }
    if (in != In.NOTHING || next != Next.NOTHING) {
      throw broken(0, in == In.NOTHING && depth == 0 ? "there is nothing" : "the text ends too early");
    }
    return root;
  }

  private static boolean beginsWithMark(byte[] piece, int from, int to) {
    return to - from >= BYTE_ORDER_MARK.length && piece[from] == BYTE_ORDER_MARK[0]
      && piece[from + 1] == BYTE_ORDER_MARK[1] && piece[from + 2] == BYTE_ORDER_MARK[2];
  }

  /** Where in this piece the captured value begins or goes on. */
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
    if (++nameCount > MOST_NAMES || name.length() > MAX_NAME) {
      throw SubmissionErrors.tooIntricate(position.moveTo(at));
    }
    if (!names[depth].add(name)) {
      throw broken(at, "the name '%s' stands twice in one object".formatted(name));
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

  /** @param kind null when it is seen at its end only */
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
    int most = capture != null || frames.isEmpty() || frames.size() > 2 ? 0
      : keeping.bytes(frames.size() == 1 ? "" : parent.name, awaited.name);
    if (most > 0) {
      capture = new Capture(awaited, most);
    }
  }

  private void open(boolean isObject, int at) {
    beginValue(isObject ? Kind.OBJECT : Kind.LIST, at);
    if (++depth > MOST_LEVELS) {
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

  /** @param ended null for one whose place is not noted */
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
      throw broken(at, next.words + " is expected");
    }
  }

  private ApiException broken(int at, String why) {
    return SubmissionErrors.notJson(position.moveTo(at), why);
  }
}
