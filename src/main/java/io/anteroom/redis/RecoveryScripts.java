package io.anteroom.redis;

import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs that recover a store after a restart or failover, which may have lost its last writes. */
final class RecoveryScripts {
  /** Longer than it takes to read the instances; after it the node that reads them counts as dead. */
  private static final Duration READER_TIMEOUT = Duration.ofSeconds(6);

  private static final TaskError LOST = new TaskError("lost", "The queue's store was restored or failed over and lost"
    + " this task. It was not run, or its result is in the history of its instance; submit it again."
    + " / 队列存储在恢复或切换时丢失了该任务：它没有运行，或其结果在实例的历史记录中；请重新提交。");

  private final ScriptRunner scripts;

  RecoveryScripts(ScriptRunner scripts) {
    this.scripts = scripts;
  }

  Future<Recovery> nextRecovery(String owner) {
    return scripts.run(LuaScript.NEXT_RECOVERY, List.of(owner, Long.toString(READER_TIMEOUT.toMillis())))
      .map(ReplyMapper::recovery);
  }

  /** A Redis that was emptied while it ran keeps its run id, but has another recovery. */
  Future<Optional<String>> generation() {
    return nextRecovery("").map(now -> Optional.of(now.generation() + "/" + now.ended()).filter(known -> now.over()));
  }

  Future<Recovery.Result> recover(String generation, Collection<Reading> readings) {
    List<String> args = new ArrayList<>(List.of(generation));
    readings.forEach(reading -> args.addAll(ReplyMapper.of(reading)));
    return scripts.run(LuaScript.RECOVER, args).map(ReplyMapper::recovered);
  }

  Future<List<TaskId>> markLost(Map<TaskId, String> usersOfTasks) {
    List<String> args = new ArrayList<>(List.of(LOST.type(), LOST.message()));
    usersOfTasks.forEach((id, user) -> args.addAll(List.of(id.value(), user)));
    return scripts.run(LuaScript.MARK_LOST, args).map(ReplyMapper::ids);
  }
}
