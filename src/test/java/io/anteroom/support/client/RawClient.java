package io.anteroom.support.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Says over a bare connection what no HTTP client would. */
public final class RawClient implements Closeable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;

  public RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** All that a server answers to these bytes until it hangs up; each letter is a byte. */
  public static String ask(int port, String bytes) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.say(bytes).rest();
    }
  }

  public RawClient say(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Whether one more byte leaves: false once the other side has hung up. */
  public boolean canSay(String bytes) {
    try {
      say(bytes);
      return true;
    } catch (IOException hungUp) {
      return false;
    }
  }

  /** Ends what is said, and still listens. */
  public RawClient ends() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The head of the next answer, which may be one that nothing ends; what has come when the other side hangs up. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    int letter = 0;
    while (letter >= 0 && head.indexOf("\r\n\r\n") < 0) {
      letter = socket.getInputStream().read();
      head.append(letter < 0 ? "" : (char) letter);
    }
    return head.toString();
  }

  /** All that is still answered until the other side hangs up. */
  public String rest() throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      // It hung up while something of ours was unread.
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** Reads what comes until the other side hangs up, so much at a time with a pause behind it; how much it was. */
  public long drain(int atOnce, Duration pause) throws IOException {
    byte[] piece = new byte[atOnce];
    long all = 0;
    for (int read = 0; read >= 0; read = socket.getInputStream().readNBytes(piece, 0, atOnce)) {
      all += read;
      if (read == 0 && all > 0) {
        return all;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
