package io.anteroom.directory;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns the bytes of a CSV file into text, and tells what a spreadsheet wrote in place of UTF-8. */
final class CsvText {
  /** Everything that GBK can say, it says in the same bytes. */
  private static final Charset CHINESE = Charset.forName("GB18030");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvText() {
  }

  /** The text without a byte-order mark; empty when it is not UTF-8. */
  static Optional<String> of(byte[] bytes) {
    return decode(bytes, StandardCharsets.UTF_8)
      .map(text -> text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
  }

  /** What to say of bytes that are not UTF-8, in English and, where they are Chinese, in Chinese. */
  static String complaint(byte[] bytes) {
    if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
      return "is written in UTF-16; save it as \"CSV UTF-8 (comma delimited)\"";
    }
    boolean chinese = decode(bytes, CHINESE)
      .filter(text -> text.codePoints().anyMatch(Character::isIdeographic)).isPresent();
    return chinese
      ? "is written in GBK, not in UTF-8; in Excel save it as \"CSV UTF-8 (comma delimited)\""
        + " / 文件是 GBK 编码，不是 UTF-8；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”"
      : "is not written in UTF-8; save it as \"CSV UTF-8 (comma delimited)\"";
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
