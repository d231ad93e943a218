package io.anteroom.redis;

import io.anteroom.queue.UnreadableRequestException;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compresses and encrypts the parts of requests before they are stored: the memory, files and replicas of Redis reveal
 * no workflow and no API key, and a deleted request cannot be read in a file that still has it.
 *
 * <p>The key is derived from a secret that is not in Redis. Each part is bound to its task and its place as associated
 * data (ChaCha20-Poly1305, which Java 17 computes faster than AES-GCM until it is warm), so that it cannot replace
 * another one. The first byte is the format of a part; data of older versions begin otherwise and are used as they are.
 */
final class PayloadCodec {
  private static final byte DEFLATED = 1;
  private static final byte ENCRYPTED = 2;

  private static final String CIPHER = "ChaCha20-Poly1305";
  private static final String KEY = "ChaCha20";
  private static final String HMAC = "HmacSHA256";
  private static final byte[] PURPOSE = "anteroom: requests of tasks".getBytes(StandardCharsets.UTF_8);
  private static final int NONCE_BYTES = 12;
  /** The most bytes of a decompressed part, against decompression bombs. */
  private static final int MAX_PLAIN = 1 << 20;
  private static final int CHUNK = 16 << 10;
  /** The compression ratio of the first bytes above which repetitions are not searched for. */
  private static final double MAX_RATIO = 0.6;

  private final WorkerExecutor workers;
  private final SecureRandom random = new SecureRandom();
  private final Optional<SecretKey> key;

  /** @param secret shared by all nodes and not stored in Redis; without one, requests are compressed only */
  PayloadCodec(Vertx vertx, Optional<String> secret) {
    this.workers = vertx.createSharedWorkerExecutor("payloads",
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    this.key = secret.map(PayloadCodec::key);
  }

  /** A part as it is stored; computed on a worker thread. */
  Future<Buffer> encode(TaskId task, String place, Buffer plain) {
    return workers.executeBlocking(() -> {
      byte[] deflated = deflate(plain.getBytes());
      return Buffer.buffer(key.isPresent() ? encrypt(task, place, deflated) : deflated);
    }, false);
  }

  /**
   * The part that was stored; fails with an {@link UnreadableRequestException} if it was encrypted with another secret,
   * or changed.
   */
  Future<Buffer> decode(TaskId task, String place, Buffer stored) {
    if (stored.length() == 0 || stored.getByte(0) != DEFLATED && stored.getByte(0) != ENCRYPTED) {
      return Future.succeededFuture(stored);
    }
    return workers.executeBlocking(() -> {
      byte[] bytes = stored.getBytes();
      return Buffer.buffer(inflate(bytes[0] == ENCRYPTED ? decrypt(task, place, bytes) : bytes));
    }, false);
  }

  Future<Void> close() {
    return workers.close();
  }

  private static SecretKey key(String secret) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      return new SecretKeySpec(mac.doFinal(PURPOSE), KEY);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + HMAC, impossible);
    }
  }

  private static byte[] deflate(byte[] plain) {
    boolean repeats = plain.length < 4 * CHUNK
      || deflate(plain, CHUNK, Deflater.DEFAULT_STRATEGY).length < CHUNK * MAX_RATIO;
    return deflate(plain, plain.length, repeats ? Deflater.DEFAULT_STRATEGY : Deflater.HUFFMAN_ONLY);
  }

  /** The first bytes only. Images as text have no repetitions, and the search for them costs four times as much. */
  private static byte[] deflate(byte[] plain, int length, int strategy) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setStrategy(strategy);
      deflater.setInput(plain, 0, length);
      deflater.finish();
      Buffer out = Buffer.buffer(length / 2 + CHUNK).appendByte(DEFLATED);
      byte[] chunk = new byte[CHUNK];
      while (!deflater.finished()) {
        out.appendBytes(chunk, 0, deflater.deflate(chunk));
      }
      return out.getBytes();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] deflated) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(deflated, 1, deflated.length - 1);
      Buffer out = Buffer.buffer(deflated.length * 2);
      byte[] chunk = new byte[CHUNK];
      while (!inflater.finished()) {
        int length = inflater.inflate(chunk);
        if (length == 0 && (inflater.needsInput() || inflater.needsDictionary()) || out.length() > MAX_PLAIN) {
          throw new UnreadableRequestException("it is not whole");
        }
        out.appendBytes(chunk, 0, length);
      }
      return out.getBytes();
    } catch (DataFormatException damaged) {
      throw new UnreadableRequestException("it is damaged: " + damaged.getMessage());
    } finally {
      inflater.end();
    }
  }

  private byte[] encrypt(TaskId task, String place, byte[] plain) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, task, place, nonce);
    byte[] stored = new byte[1 + NONCE_BYTES + cipher.getOutputSize(plain.length)];
    stored[0] = ENCRYPTED;
    System.arraycopy(nonce, 0, stored, 1, NONCE_BYTES);
    cipher.doFinal(plain, 0, plain.length, stored, 1 + NONCE_BYTES);
    return stored;
  }

  private byte[] decrypt(TaskId task, String place, byte[] stored) {
    if (key.isEmpty()) {
      throw new UnreadableRequestException("it is encrypted, and this node has no secret");
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, task, place, Arrays.copyOfRange(stored, 1, 1 + NONCE_BYTES));
      return cipher.doFinal(stored, 1 + NONCE_BYTES, stored.length - 1 - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException other) {
      throw new UnreadableRequestException("it was encrypted with another secret, or changed");
    }
  }

  private Cipher cipher(int mode, TaskId task, String place, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key.orElseThrow(), new IvParameterSpec(nonce));
    cipher.updateAAD((task.value() + ' ' + place).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
