package io.anteroom.directory;

import io.anteroom.config.files.FileErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a CSV file with a header row by row, and records errors with file and line. */
final class CsvReader {
  private static final long MAX_BYTES = 16L << 20;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder()
    .setHeader().setSkipHeaderRecord(true).setIgnoreSurroundingSpaces(true).setTrim(true)
    .setIgnoreHeaderCase(true).setAllowMissingColumnNames(true).get();

  private final Path path;
  private final List<String> columns;
  private final List<String> complaints;

  /** One row; errors in it are recorded with its line. */
  final class Row {
    private final CSVRecord cells;
    private final long line;

    private Row(CSVRecord cells, long line) {
      this.cells = cells;
      this.line = line;
    }

    String get(String column) {
      return cells.isSet(column) ? cells.get(column) : "";
    }

    /** Spreadsheets leave rows with nothing but commas. */
    private boolean isEmpty() {
      return cells.stream().allMatch(String::isBlank);
    }

    /** File and line, for messages. */
    String place() {
      return path + ":" + line;
    }

    void complain(String complaint) {
      complaints.add(place() + ": " + complaint);
    }
  }

  CsvReader(Path path, List<String> columns, List<String> complaints) {
    this.path = path;
    this.columns = columns;
    this.complaints = complaints;
  }

  /** The values of the rows; invalid rows are left out, their errors are recorded. */
  <T> List<T> read(Function<Row, Optional<T>> reader) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        complaints.add("%s: file too large: %d bytes, the maximum is %d"
          .formatted(path, Files.size(path), MAX_BYTES));
        return List.of();
      }
      byte[] bytes = Files.readAllBytes(path);
      return CsvText.of(bytes).map(text -> rows(text, reader)).orElseGet(() -> {
        complaints.add(path + ": " + CsvText.complaint(bytes));
        return List.of();
      });
    } catch (IOException cause) {
      complaints.add("%s: cannot read file: %s".formatted(path, FileErrors.reason(cause)));
      return List.of();
    }
  }

  private <T> List<T> rows(String text, Function<Row, Optional<T>> reader) {
    List<T> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
      if (hasColumns(parser)) {
        long line = 1;
        for (CSVRecord cells : parser) {
          Row row = new Row(cells, line + 1);
          if (!row.isEmpty()) {
            reader.apply(row).ifPresent(rows::add);
          }
          line = parser.getCurrentLineNumber();
        }
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException cause) {
      complaints.add("%s: invalid CSV: %s".formatted(path, cause.getMessage()));
    }
    return rows;
  }

  private boolean hasColumns(CSVParser parser) {
    List<String> found = parser.getHeaderNames();
    Stream<String> missing = columns.stream().filter(column -> found.stream().noneMatch(column::equalsIgnoreCase));
    List<String> absent = missing.toList();
    if (!absent.isEmpty()) {
      complaints.add("%s:1: the header lacks %s: expected %s"
        .formatted(path, String.join(", ", absent), String.join(",", columns)));
    }
    return absent.isEmpty();
  }

  /** Decodes the bytes of a CSV file, and recognises what a spreadsheet wrote instead of UTF-8. */
  static final class CsvText {
    /** A superset of GBK with the same bytes. */
    private static final Charset CHINESE = Charset.forName("GB18030");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private CsvText() {
    }

    /** The text without a byte-order mark; empty when it is not UTF-8. */
    static Optional<String> of(byte[] bytes) {
      return decode(bytes, StandardCharsets.UTF_8)
        .map(text -> text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }

    /** The error for bytes that are not UTF-8, in English and, if they are Chinese, in Chinese. */
    static String complaint(byte[] bytes) {
      if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
        return "file is encoded in UTF-16; save it as \"CSV UTF-8 (comma delimited)\"";
      }
      boolean chinese = decode(bytes, CHINESE)
        .filter(text -> text.codePoints().anyMatch(Character::isIdeographic)).isPresent();
      return chinese
        ? "file is encoded in GBK, not in UTF-8; in Excel save it as \"CSV UTF-8 (comma delimited)\""
          + " / 文件是 GBK 编码，不是 UTF-8；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”"
        : "file is not encoded in UTF-8; save it as \"CSV UTF-8 (comma delimited)\"";
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
      return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static Optional<String> decode(byte[] bytes, Charset charset) {
      try {
        return Optional.of(charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes)).toString());
      } catch (CharacterCodingException another) {
        return Optional.empty();
      }
    }
  }
}
