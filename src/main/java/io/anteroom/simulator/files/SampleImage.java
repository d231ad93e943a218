package io.anteroom.simulator.files;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Draws the picture of a simulated GPU: a soft pattern, the same for the same seed, as a real PNG. */
public final class SampleImage {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte EIGHT_BITS = 8;
  private static final byte TRUE_COLOUR = 2;

  private SampleImage() {
  }

  public static Buffer png(int side, long seed) {
    Buffer header = Buffer.buffer().appendInt(side).appendInt(side)
      .appendByte(EIGHT_BITS).appendByte(TRUE_COLOUR).appendBytes(new byte[3]);
    Buffer png = Buffer.buffer(SIGNATURE);
    appendChunk(png, "IHDR", header);
    appendChunk(png, "IDAT", deflated(pixels(side, seed)));
    appendChunk(png, "IEND", Buffer.buffer());
    return png;
  }

  private static byte[] pixels(int side, long seed) {
    byte[] rows = new byte[side * (1 + 3 * side)];
    double turn = Math.floorMod(seed, 6283L) / 1000.0;
    int at = 0;
    for (int y = 0; y < side; y++) {
      at++;
      for (int x = 0; x < side; x++) {
        double u = x * 6.0 / side;
        double v = y * 6.0 / side;
        double wave = Math.sin(u + turn) + Math.cos(v - turn) + Math.sin((u + v) * 0.7 + 2 * turn);
        for (int colour = 0; colour < 3; colour++) {
          rows[at++] = (byte) (127 + 100 * Math.sin(wave + turn + colour * 1.1));
        }
      }
    }
    return rows;
  }

  private static Buffer deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    deflater.setInput(bytes);
    deflater.finish();
    Buffer out = Buffer.buffer();
    byte[] part = new byte[8192];
    while (!deflater.finished()) {
      out.appendBytes(part, 0, deflater.deflate(part));
    }
    deflater.end();
    return out;
  }

  private static void appendChunk(Buffer png, String type, Buffer data) {
    Buffer body = Buffer.buffer(type).appendBuffer(data);
    CRC32 sum = new CRC32();
    sum.update(body.getBytes());
    png.appendInt(data.length()).appendBuffer(body).appendUnsignedInt(sum.getValue());
  }
}
