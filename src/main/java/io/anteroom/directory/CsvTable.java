package io.anteroom.directory;

import io.anteroom.config.FileErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Reads one CSV file with a header row by row, and notes with file and line what is wrong with it. */
final class CsvTable {
  private static final long LARGEST = 16L << 20;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder()
    .setHeader().setSkipHeaderRecord(true).setIgnoreSurroundingSpaces(true).setTrim(true)
    .setIgnoreHeaderCase(true).setAllowMissingColumnNames(true).get();

  private final Path path;
  private final List<String> columns;
  private final List<String> complaints;

  /** One row; what is wrong with it is said with its line. */
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

    /** Spreadsheets leave rows of nothing but commas. */
    private boolean isEmpty() {
      return cells.stream().allMatch(String::isBlank);
    }

    /** Where it stands, for people. */
    String place() {
      return path + " line " + line;
    }

    void complain(String complaint) {
      complaints.add(place() + ": " + complaint);
    }
  }

  CsvTable(Path path, List<String> columns, List<String> complaints) {
    this.path = path;
    this.columns = columns;
    this.complaints = complaints;
  }

  /** What the rows stand for; a row that stands for nothing has complained itself. */
  <T> List<T> read(Function<Row, Optional<T>> reader) {
    try {
      if (Files.size(path) > LARGEST) {
        complaints.add("%s is too large: %d bytes, right would be %d at most"
          .formatted(path, Files.size(path), LARGEST));
        return List.of();
      }
      byte[] bytes = Files.readAllBytes(path);
      return CsvText.of(bytes).map(text -> rows(text, reader)).orElseGet(() -> {
        complaints.add(path + " " + CsvText.complaint(bytes));
        return List.of();
      });
    } catch (IOException cause) {
      complaints.add("%s cannot be read: %s".formatted(path, FileErrors.reason(cause)));
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
      complaints.add("%s is not CSV: %s".formatted(path, cause.getMessage()));
    }
    return rows;
  }

  private boolean hasColumns(CSVParser parser) {
    List<String> found = parser.getHeaderNames();
    Stream<String> missing = columns.stream().filter(column -> found.stream().noneMatch(column::equalsIgnoreCase));
    List<String> absent = missing.toList();
    if (!absent.isEmpty()) {
      complaints.add("%s line 1: the header lacks %s; right would be %s, with commas between"
        .formatted(path, String.join(", ", absent), String.join(",", columns)));
    }
    return absent.isEmpty();
  }
}
