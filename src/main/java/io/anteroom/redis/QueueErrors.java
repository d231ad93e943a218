package io.anteroom.redis;

import io.anteroom.task.ApiException;
import io.anteroom.task.TaskId;

/** The errors of the queue: each message has the value, the limit and what to do. */
final class QueueErrors {
  private QueueErrors() {
  }

  static ApiException unavailable() {
    return ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE,
      "The queue's store does not answer. Nothing was lost; try again in a few seconds.",
      "队列存储暂时没有响应，任务没有丢失，请过几秒再试。");
  }

  /** Redis replied with an error. */
  static ApiException refused(RedisErrorReply error) {
    return (error == RedisErrorReply.FULL ? full() : unavailable()).details(error.remedy());
  }

  /** The store belongs to a newer Anteroom. */
  static ApiException foreignFormat(String format, String ours) {
    return ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE,
      ("The data in Redis have format %s, this Anteroom knows format %s: a newer one has written them. Start that one"
        + " again, or point redis.url (or data.dir) at another Redis; nothing was changed.").formatted(format, ours),
      "Redis 中的数据格式为 %s，当前 Anteroom 只支持格式 %s：数据由更新的版本写入。请使用更新的版本，或改用其他 Redis；数据未被改动。"
        .formatted(format, ours));
  }

  private static ApiException full() {
    return ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE,
      "The queue's store is full. This was not stored; accepted tasks go on. Try again later, and tell the"
        + " administrator, who can raise maxmemory of Redis.",
      "队列存储已满，本次提交未保存，已接受的任务不受影响；请稍后再试，并告知管理员（可调高 Redis 的 maxmemory）。");
  }

  static ApiException promptIdTaken(TaskId id) {
    return ApiException.of(ApiException.Code.PROMPT_ID_TAKEN,
      "The prompt_id %s is a task of another user; send another one, or none.".formatted(id),
      "prompt_id %s 已被其他人的任务占用，请换一个，或不要指定。".formatted(id));
  }

  static ApiException tooManyWaiting(String waiting, String max) {
    return ApiException.of(ApiException.Code.TOO_MANY_WAITING,
      "You have %s tasks waiting, the limit is %s; wait until one has started, or cancel one.".formatted(waiting, max),
      "您已有 %s 个任务在排队，最多允许 %s 个；请等其中一个开始，或取消一个。".formatted(waiting, max));
  }

  /** In bytes as they are stored, compressed. */
  static ApiException tooMuchWaiting(long had, long more, long max) {
    return ApiException.of(ApiException.Code.TOO_MUCH_WAITING,
      ("Your tasks that wait or run take %d bytes, this one takes %d more, the limit is %d (limit.user_bytes); wait"
        + " until one has ended, cancel one, or embed fewer images.").formatted(had, more, max),
      ("您排队和运行中的任务已占用 %d 字节，本次还需 %d 字节，上限为 %d 字节（limit.user_bytes）；"
        + "请等其中一个结束、取消一个，或减少嵌入的图像。").formatted(had, more, max));
  }

  /** The same for all users together. */
  static ApiException queueFull(long had, long more, long max) {
    return ApiException.of(ApiException.Code.QUEUE_FULL,
      ("All tasks that wait or run take %d bytes, this one takes %d more, the limit is %d (limit.bytes); it was not"
        + " stored; try again when some have ended.").formatted(had, more, max),
      ("所有排队和运行中的任务已占用 %d 字节，本次还需 %d 字节，上限为 %d 字节（limit.bytes）；"
        + "本次未保存，请等部分任务结束后再试。").formatted(had, more, max));
  }

  static ApiException unknownTask(TaskId id) {
    return ApiException.of(ApiException.Code.UNKNOWN_TASK,
      "You have no task %s; it may have ended too long ago.".formatted(id),
      "您没有编号为 %s 的任务，它可能早已结束。".formatted(id));
  }

  static ApiException alreadyEnded(TaskId id, String state) {
    return ApiException.of(ApiException.Code.ALREADY_ENDED,
      "The task %s is %s already; there is nothing left to cancel.".formatted(id, state),
      "任务 %s 已经结束（%s），无法再取消。".formatted(id, state));
  }
}
