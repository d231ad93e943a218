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
 * Limits this node's memory for responses of instances (backpressure): all that is read from them and held counts from
 * the first byte until it has been forwarded.
 *
 * <p>A reader gets more while they hold less than is still free, so that no one takes all of it. Thread-safe.
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

  /** The budget of this node. */
  public static ResponseBudget of(Vertx vertx) {
    LocalMap<String, ResponseBudget> node = vertx.sharedData().getLocalMap("anteroom.answers");
    return node.computeIfAbsent("budget",
      first -> new ResponseBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /** Opens an account for one reading; the caller closes it. */
  public Account open(String reader) {
    return new Account(reader);
  }

  /** The bytes held now. */
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

  private synchronized void release(String reader, long bytes) {
    taken -= bytes;
    held.computeIfPresent(reader, (name, own) -> own > bytes ? own - bytes : null);
  }

  private ApiException ofReader(String reader, long wanted) {
    return ApiException.of(Code.BUSY,
      ("%s is reading %d bytes from instances at the same time, more than the share that is available now (%d bytes "
        + "for all users). Try again in a few seconds, request less at once, or clear the history.")
        .formatted(reader, wanted, limit),
      "“%s”同时从实例读取的数据已达 %d 字节，超出当前可用份额（全部用户合计 %d 字节）：请几秒后重试、减少同时读取的内容，或清空历史记录。"
        .formatted(reader, wanted, limit));
  }

  private ApiException ofAll() {
    return ApiException.of(Code.BUSY,
      "Too much is being read from instances at the same time (limit: %d bytes for all users). Try again in a few "
        + "seconds."
        .formatted(limit),
      "同时从实例读取的数据过多（全部用户合计上限 %d 字节）；请几秒后重试。".formatted(limit));
  }

  /** The memory of one reading, until it is closed. */
  public final class Account {
    private final String reader;
    private long bytes;
    private boolean closed;

    private Account(String reader) {
      this.reader = reader;
    }

    /** The user or instance that it counts for. */
    public String reader() {
      return reader;
    }

    /** Counts more bytes; throws an {@link ApiException} if they exceed the budget. */
    public synchronized void take(long more) {
      if (closed) {
        throw new ComfyException("its response is no longer needed");
      }
      ResponseBudget.this.take(reader, more);
      bytes += more;
    }

    /** Releases everything; idempotent. */
    public synchronized void close() {
      if (!closed) {
        closed = true;
        release(reader, bytes);
      }
    }
  }
}
