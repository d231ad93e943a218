package io.anteroom.redis;

import io.anteroom.queue.EffectiveConfiguration;
import io.anteroom.queue.Receipt;
import io.anteroom.queue.TaskQueue.Cancelled;
import io.anteroom.task.Refusal;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scripts answer that may refuse: the result, or the refusal in words. */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger("audit");

  private Answers() {
  }

  /** Whether a part of a request is there now. */
  static Future<Void> staged(Response answer) {
    return answer.get(0).toString().equals("staged") ? Future.succeededFuture() : Future.failedFuture(refusal(answer));
  }

  /** Why nothing is stored. */
  private static Refusal refusal(Response answer) {
    return switch (answer.get(0).toString()) {
      case "foreign" -> QueueRefusals.foreignFormat(answer.get(1).toString(), answer.get(2).toString());
      case "user_bytes" ->
        QueueRefusals.tooMuchWaiting(answer.get(1).toLong(), answer.get(2).toLong(), answer.get(3).toLong());
      case "all_bytes" ->
        QueueRefusals.queueFull(answer.get(1).toLong(), answer.get(2).toLong(), answer.get(3).toLong());
      default -> Refusal.tooLate();
    };
  }

  static Future<Receipt> receipt(TaskId id, Response answer) {
    return switch (answer.get(0).toString()) {
      case "foreign", "late", "unstaged", "user_bytes", "all_bytes" -> Future.failedFuture(refusal(answer));
      case "taken" -> Future.failedFuture(QueueRefusals.promptIdTaken(id));
      case "full" ->
        Future.failedFuture(QueueRefusals.tooManyWaiting(answer.get(1).toString(), answer.get(2).toString()));
      default -> Future.succeededFuture(new Receipt(Fields.of(answer.get(1)).toStatus(),
        answer.get(0).toString().equals("repeated"), answer.get(2).toInteger() == 1));
    };
  }

  static Future<Optional<TaskStatus>> acknowledged(Response answer) {
    return switch (answer.size() == 0 ? "" : answer.get(0).toString()) {
      case "rejected" -> Future.failedFuture(Refusal.byComfyUi(new TaskError(text(answer, 1), text(answer, 2),
        text(answer, 3), text(answer, 4))));
      case "acknowledged" -> Future.succeededFuture(Optional.ofNullable(answer.size() > 1 ? answer.get(1) : null)
        .map(row -> Fields.of(row).toStatus()));
      default -> Future.succeededFuture(Optional.empty());
    };
  }

  private static String text(Response row, int index) {
    return row.size() > index && row.get(index) != null ? row.get(index).toString() : "";
  }

  static Future<Cancelled> cancelled(TaskId id, Response answer) {
    return switch (answer.get(0).toString()) {
      case "cancelled", "runs" -> Future.succeededFuture(new Cancelled(Fields.of(answer.get(1)).toStatus(),
        answer.size() > 2 && answer.get(2).toInteger() == 1));
      case "ended" -> Future.failedFuture(QueueRefusals.alreadyEnded(id, answer.get(1).toString()));
      default -> Future.failedFuture(QueueRefusals.unknownTask(id));
    };
  }

  /** What is in force; notes which limits are others now. */
  static Future<EffectiveConfiguration> configured(Response answer) {
    String format = answer.get(0).toString();
    String ours = answer.get(1).toString();
    if (!format.equals(ours)) {
      return Future.failedFuture(QueueRefusals.foreignFormat(format, ours));
    }
    answer.get(2).forEach(change ->
      log.info("The settings changed a limit: limit={} from={} to={}", change.get(0), change.get(1), change.get(2)));
    return Future.succeededFuture(Fields.inForce(answer.get(3)));
  }
}
