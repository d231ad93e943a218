package io.anteroom.comfy.json;

import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the memory that this node spends on answers of instances: all that is read from them and held, whatever reads
 * it, counts here from its first byte until it has been passed on.
 *
 * <p>A reader gets more while they hold less than is still free, so that nobody takes all of it. Safe to use from every
 * thread.
 */
public final class ResponseBudget implements Shareable {
  private static final int SHARE_OF_HEAP = 4;

  private final long limit;
  private final Map<String, Long> held = new HashMap<>();
  private long taken;

  /** @param limit in bytes */
  ResponseBudget(long limit) {
    this.limit = limit;
  }

  /** The one of this node. */
  public static ResponseBudget of(Vertx vertx) {
    LocalMap<String, ResponseBudget> node = vertx.sharedData().getLocalMap("anteroom.answers");
    return node.computeIfAbsent("budget",
      first -> new ResponseBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /** An account on which something is read. Who opens it closes it. */
  public Account open(String reader) {
    return new Account(reader);
  }

  /** What is held now, in bytes. */
  public synchronized long taken() {
    return taken;
  }

  private synchronized void take(String reader, long bytes) {
    long own = held.getOrDefault(reader, 0L);
    if (own + bytes > limit - taken) {
      throw own > 0 ? ofReader(reader, own + bytes) : ofAll();
    }
    taken += bytes;
    held.put(reader, own + bytes);
  }

  private synchronized void giveBack(String reader, long bytes) {
    taken -= bytes;
    held.computeIfPresent(reader, (name, own) -> own > bytes ? own - bytes : null);
  }

  private ApiException ofReader(String reader, long wanted) {
    return ApiException.of(Code.BUSY,
      ("What %s reads from instances at the same time has %d bytes, too much beside what others read (%d bytes for "
        + "all): try again in a few seconds, ask for less at once, or clear the history.")
        .formatted(reader, wanted, limit),
      "“%s”同时从实例读取的数据已达 %d 字节，超出当前可用份额（全部用户合计 %d 字节）：请几秒后重试、减少同时读取的内容，或清空历史记录。"
        .formatted(reader, wanted, limit));
  }

  private ApiException ofAll() {
    return ApiException.of(Code.BUSY,
      "Too much is read from instances at the same time (%d bytes for all users); try again in a few seconds."
        .formatted(limit),
      "同时从实例读取的数据过多（全部用户合计上限 %d 字节）；请几秒后重试。".formatted(limit));
  }

  /** What one reading holds, until it is closed. */
  public final class Account {
    private final String reader;
    private long bytes;
    private boolean closed;

    private Account(String reader) {
      this.reader = reader;
    }

    /** On whose behalf it reads. */
    public String reader() {
      return reader;
    }

    /** Counts more bytes; throws a {@link ApiException} when they are too many. */
    public synchronized void take(long more) {
      if (closed) {
        throw new ComfyException("nobody waits for its answer any more");
      }
      ResponseBudget.this.take(reader, more);
      bytes += more;
    }

    /** Gives everything back; does nothing when that was done before. */
    public synchronized void close() {
      if (!closed) {
        closed = true;
        giveBack(reader, bytes);
      }
    }
  }
}
