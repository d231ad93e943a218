package io.anteroom.status;

import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.anteroom.task.TaskId;

/** Why a status is not told, in words that the one who asks can act on. */
final class StatusErrors {
  private StatusErrors() {
  }

  /** The same words for a task that never was and for somebody else's. */
  static ApiException unknownTask(TaskId id) {
    return ApiException.of(Code.UNKNOWN_TASK,
      "You have no task %s. It may have ended too long ago (task.keep_ended).".formatted(id),
      "您没有任务 %s，它可能已结束太久（task.keep_ended）。".formatted(id));
  }

  static ApiException tooManyOfUser(String user, int most) {
    return ApiException.of(Code.BUSY,
      "User '%s' has %d questions open that wait for a change, more are not held. Close some tabs, or ask without wait."
        .formatted(user, most),
      "用户 '%s' 已有 %d 个等待变化的查询，不再保持更多。请关闭一些标签页，或不带 wait 查询。".formatted(user, most));
  }

  static ApiException tooMany(int most) {
    return ApiException.of(Code.BUSY,
      "This node holds %d questions that wait for a change, more are not held. Ask without wait.".formatted(most),
      "此节点已保持 %d 个等待变化的查询，不再保持更多。请不带 wait 查询。".formatted(most));
  }
}
