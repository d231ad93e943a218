package io.anteroom.comfy.json;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.anteroom.comfy.protocol.ComfyException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Reads Python's JSON in place and reports the byte offsets of its values; skips long strings without building them.
 * Jackson counts bytes only with a table of names: the table belongs to this parser, and is bounded.
 */
public final class ByteOffsetParser extends JsonParserDelegate {
  /** Distinct names; all nodes of a large installation have some ten thousand. */
  private static final int MAX_NAMES = 200_000;
  private static final int INPUT = 8 << 10;
  private static final int FEATURES =
    JsonParser.Feature.collectDefaults() | JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature().getMask();
  private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
    .maxStringLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build();

  private final ByteQuadsCanonicalizer names;

  private ByteOffsetParser(Buffer text, ByteQuadsCanonicalizer names) {
    super(new UTF8StreamJsonParser(
      new IOContext(CONSTRAINTS, StreamWriteConstraints.defaults(), ErrorReportConfiguration.defaults(),
        new BufferRecycler(), ContentReference.unknown(), true),
      FEATURES, LoneSurrogates.without(text), null, names, new byte[INPUT], 0, 0, 0, false));
    this.names = names;
  }

  public static ByteOffsetParser of(Buffer text) {
    return new ByteOffsetParser(text, ByteQuadsCanonicalizer.createRoot()
      .makeChild(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES.getMask()));
  }

  @Override
  public JsonToken nextToken() throws IOException {
    if (names.size() > MAX_NAMES) {
      throw new ComfyException("it has more than %d different names".formatted(MAX_NAMES));
    }
    return super.nextToken();
  }

  /** Token by token, so that names are counted. */
  @Override
  public JsonParser skipChildren() throws IOException {
    JsonToken token = currentToken();
    for (int open = token != null && token.isStructStart() ? 1 : 0; open > 0;) {
      token = nextToken();
      if (token == null) {
        return this;
      }
      open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return this;
  }
}
