package io.anteroom.edge.admission;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rejects requests that two servers could frame differently (request smuggling) where Netty's decoder is lenient: odd
 * blanks in a request line, headers without a name, and chunk lines with blanks or malformed extensions (RFC 9112
 * sections 3, 5 and 7.1). After a rejected message nothing else on its connection is decoded.
 *
 * <p>{@link AmbiguousRequestCheck} checks the headers of decoded requests.
 */
public final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  /** The decoder's name in the pipeline of Vert.x. */
  private static final String DECODER = "httpDecoder";
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"";
  private static final Pattern CHUNK_LINE =
    Pattern.compile("0*([0-9A-Fa-f]{1,8})(?:;" + TOKEN + "(?:=(?:" + TOKEN + "|" + QUOTED + "))?)*\\r");
  private static final byte[] INVALID_CHUNK_LINE = {'x', '\r', '\n'};
  private static final long CRLF = 2;
  private static final long NOT_CHUNKED = -1;

  /** Bytes before the next chunk line; at zero it is decoded next. */
  private long beforeChunkLine = NOT_CHUNKED;

  private StrictRequestDecoder(Http1ServerConfig config) {
    super(config);
  }

  /** Replaces the decoder of a connection before its first request is read. */
  public static void install(HttpConnection connection, Http1ServerConfig config) {
    ChannelPipeline pipeline = ((HttpServerConnection) connection).channelHandlerContext().pipeline();
    pipeline.replace(DECODER, DECODER, new StrictRequestDecoder(config));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
    if (beforeChunkLine == 0 && !isChunkLine(in)) {
      in.skipBytes(in.readableBytes());
      // The parser rejects the message because of this, and discards what follows.
      super.decode(context, Unpooled.wrappedBuffer(INVALID_CHUNK_LINE), out);
      return;
    }
    int from = in.readerIndex();
    int decoded = out.size();
    super.decode(context, in, out);
    if (beforeChunkLine > 0) {
      beforeChunkLine -= in.readerIndex() - from;
    }
    if (out.size() > decoded && out.get(decoded) instanceof HttpRequest request) {
      beforeChunkLine = HttpUtil.isTransferEncodingChunked(request) ? 0 : NOT_CHUNKED;
    }
  }

  /** Whether a chunk's size and its extensions come next; also true while the end of the line has not arrived. */
  private boolean isChunkLine(ByteBuf in) {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), HttpConstants.LF);
    if (end < 0) {
      return true;
    }
    String line = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
    Matcher chunk = CHUNK_LINE.matcher(line);
    if (!chunk.matches()) {
      return false;
    }
    long size = Long.parseLong(chunk.group(1), 16);
    beforeChunkLine = size == 0 ? NOT_CHUNKED : line.length() + 1 + size + CRLF;
    return true;
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("a header has no name");
    }
    return super.splitHeaderName(line, start, length);
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
    if (start > 0) {
      throw new IllegalArgumentException("the request line begins with a blank");
    }
    return super.splitFirstWordInitialLine(line, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
    requireSingleSpaceBefore(line, start);
    return super.splitSecondWordInitialLine(line, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
    requireSingleSpaceBefore(line, start);
    return super.splitThirdWordInitialLine(line, start, length);
  }

  private static void requireSingleSpaceBefore(byte[] line, int start) {
    if (start < 2 || line[start - 1] != HttpConstants.SP || (line[start - 2] & 0xff) <= HttpConstants.SP) {
      throw new IllegalArgumentException("the parts of the request line are not separated by single spaces");
    }
  }
}
