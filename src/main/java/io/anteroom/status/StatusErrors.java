package io.anteroom.status;

import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;

/** The errors of status requests, with what the client can do about them. */
final class StatusErrors {
  private StatusErrors() {
  }

  /** The same error for a task that does not exist and for another user's, so that ids cannot be probed. */
  static ApiException unknownTask(TaskId id) {
    return ApiException.of(Code.UNKNOWN_TASK,
      "You have no task %s. It may have ended too long ago (task.keep_ended).".formatted(id),
      "您没有任务 %s，它可能已结束太久（task.keep_ended）。".formatted(id));
  }

  static ApiException tooManyOfUser(String user, int max) {
    return ApiException.of(Code.BUSY,
      ("User '%s' has %d long polls open, the most that a node holds for one user. Close some tabs, or request without "
        + "wait.")
        .formatted(user, max),
      "用户 '%s' 已有 %d 个长轮询请求，达到每个节点对单个用户的上限。请关闭一些标签页，或不带 wait 查询。".formatted(user, max));
  }

  static ApiException tooMany(int max) {
    return ApiException.of(Code.BUSY,
      "This node has %d long polls open, the most that it holds. Request without wait.".formatted(max),
      "此节点已有 %d 个长轮询请求，达到上限。请不带 wait 查询。".formatted(max));
  }
}
