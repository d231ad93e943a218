package io.anteroom.redis;

import io.anteroom.identity.AuditLog;
import io.anteroom.queue.Claim;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.QueueConfig.Room;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.TaskQueue.Cancelled;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.queue.TaskQueue.Ending;
import io.anteroom.task.ApiException;
import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps the replies of scripts to records: a task or a claim is a list of names and values in turn. */
record ReplyMapper(Map<String, Response> values) {

  static ReplyMapper of(Response answer) {
    Map<String, Response> values = new HashMap<>();
    for (int name = 0; name + 1 < answer.size(); name += 2) {
      values.put(answer.get(name).toString(), answer.get(name + 1));
    }
    return new ReplyMapper(values);
  }

  /** The tasks of a list, in its order. */
  static List<TaskStatus> statuses(Response answer) {
    return answer.stream().map(row -> of(row).toStatus()).toList();
  }

  /** The conditions of a list of instances, in its order. */
  static List<Condition> conditions(Response answer) {
    return answer.stream().map(row -> of(row).toCondition()).toList();
  }

  /** The claims of a list, in its order. */
  static List<Claim> claims(Response answer) {
    return answer.stream().map(row -> of(row).toClaim()).toList();
  }

  /** The claim in a reply; empty for none. */
  static Optional<Claim> claim(Response answer) {
    return Optional.ofNullable(answer).map(row -> of(row).toClaim());
  }

  /** Whether an end stands and is the answer to the submitter, and the next claim, if there is one. */
  static Ending ending(Response answer) {
    return new Ending(answer.get(0).toInteger() == 1, answer.get(1).toInteger() == 1,
      claim(answer.size() > 2 ? answer.get(2) : null));
  }

  /** The ids of a list. */
  static List<TaskId> ids(Response answer) {
    return answer.stream().map(id -> new TaskId(id.toString())).toList();
  }

  /** A reading as arguments of the script. */
  static List<String> of(Reading reading) {
    List<String> args = new ArrayList<>(List.of(reading.instance(), reading.answered() ? "1" : "0",
      Integer.toString(reading.found().size())));
    reading.found().forEach(found -> args.addAll(List.of(found.place().name().toLowerCase(Locale.ROOT),
      found.id().value(), found.user(), found.clientId(), Integer.toString(found.attempt()))));
    return args;
  }

  /** A configuration as arguments of the script: its versions, its limits, and its instances. */
  static List<String> of(QueueConfig config) {
    List<String> args = new ArrayList<>(List.of(config.node()));
    List.of(Part.values()).forEach(part -> args.add(config.version(part)));
    args.addAll(List.of(Integer.toString(config.limit()), Integer.toString(config.userRunning()),
      Integer.toString(config.userWaiting()), Long.toString(config.lease().toMillis()),
      Long.toString(config.keepEnded().toSeconds()), Long.toString(config.maxBackoff().toMillis())));
    config.instances().forEach(room ->
      args.addAll(List.of(room.instance(), room.pool(), Integer.toString(room.slots()), room.address())));
    return args;
  }

  static EffectiveConfig inForce(Response answer) {
    Map<Part, String> versions = new EnumMap<>(Part.class);
    List.of(Part.values()).forEach(part -> versions.put(part, answer.get(0).get(part.ordinal()).toString()));
    Response settings = answer.get(1);
    Map<Boolean, List<Response>> byDraining =
      answer.get(2).stream().collect(Collectors.partitioningBy(row -> row.get(4).toInteger() == 1));
    QueueConfig configuration = new QueueConfig("", (int) orZero(settings.get(0)), (int) orZero(settings.get(1)),
      (int) orZero(settings.get(2)), Duration.ofMillis(orZero(settings.get(3))),
      Duration.ofSeconds(orZero(settings.get(4))), Duration.ofMillis(orZero(settings.get(5))),
      rooms(byDraining.get(false)), "");
    return new EffectiveConfig(versions, configuration, rooms(byDraining.get(true)));
  }

  private static long orZero(Response number) {
    return number == null ? 0 : number.toLong();
  }

  private static List<Room> rooms(List<Response> rows) {
    return rows.stream().map(row ->
      new Room(row.get(0).toString(), row.get(1).toString(), row.get(2).toInteger(), row.get(3).toString())).toList();
  }

  static Recovery recovery(Response answer) {
    return new Recovery(answer.get(0).toString(), answer.get(1).toString(),
      answer.get(2).stream().map(Response::toString).toList());
  }

  static Recovery.Result recovered(Response answer) {
    Map<String, List<TaskId>> doubles = new HashMap<>();
    Response pairs = answer.get(2);
    for (int at = 0; at < pairs.size(); at += 2) {
      doubles.computeIfAbsent(pairs.get(at).toString(), instance -> new ArrayList<>())
        .add(new TaskId(pairs.get(at + 1).toString()));
    }
    return new Recovery.Result(answer.get(0).toInteger() == 1, ids(answer.get(1)), doubles);
  }

  TaskStatus toStatus() {
    return new TaskStatus(new TaskId(text("id")), text("user"), text("client"), TaskState.of(text("state")),
      number("number"), (int) number("position"), text("blocked"), text("instance"), runs(),
      new TaskStatus.Times(Instant.ofEpochMilli(number("submitted")), time("started"), time("finished")),
      Optional.empty(), Optional.empty(), error(), text("outputs"));
  }

  /** How often it was sent, without the times when the instance did not accept it. */
  private int runs() {
    return (int) number("attempts") - unspent();
  }

  private int unspent() {
    return values.containsKey("unspent") ? (int) number("unspent") : 0;
  }

  private Condition toCondition() {
    Optional<InstanceOutage> outage = InstanceOutage.parse(text("reason")).filter(stored -> !text("state").equals("up"))
      .map(stored ->
        new InstanceOutage(stored.kind(), text("instance"), stored.detail(), time("since"), time("until")));
    return new Condition(text("instance"), text("state"), outage, (int) number("faults"), (int) number("running"));
  }

  Claim toClaim() {
    return new Claim(new TaskId(text("id")), text("user"), text("instance"), text("address"), number("fence"),
      (int) number("attempts"), unspent(), Claim.Stage.valueOf(text("stage").toUpperCase(Locale.ROOT)), text("client"),
      request(),
      number("running_ms"), values.containsKey("cancelled"), text("unanswered").equals("1"));
  }

  private Claim.Stored request() {
    Optional<Claim.Ready> ready = Optional.ofNullable(values.get("first"))
      .map(first -> new Claim.Ready(first.toBuffer(), values.get("secrets").toBuffer()));
    return new Claim.Stored((int) number("parts"), number("length"), ready);
  }

  private Optional<TaskError> error() {
    return Optional.ofNullable(values.get("error_type"))
      .map(type -> new TaskError(type.toString(), errorMessage(), text("error_details"), text("error_report")));
  }

  /** The scripts store an outage as a code; those of an older Anteroom stored a sentence with it. */
  private String errorMessage() {
    String outage = InstanceOutage.sentence(text("error_outage"));
    String stored = text("error_message");
    return stored.isEmpty() && !outage.isEmpty() ? TaskError.messageOf(text("error_type"), outage)
      : stored.replace("{outage}", outage);
  }

  private Optional<Instant> time(String name) {
    return Optional.of(text(name)).filter(millis -> !millis.isEmpty()).map(Long::valueOf).map(Instant::ofEpochMilli);
  }

  private long number(String name) {
    return Long.parseLong(text(name));
  }

  private String text(String name) {
    Response value = values.get(name);
    return value == null ? "" : value.toString();
  }

  /** Replies that may be errors: the result, or a failed future with the error. */
  static final class Answers {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.NAME);

    private Answers() {
    }

    /** Whether a part of a request is staged now. */
    static Future<Void> staged(Response answer) {
      return answer.get(0).toString().equals("staged") ? Future.succeededFuture()
        : Future.failedFuture(error(answer));
    }

    /** Why nothing is stored. */
    private static ApiException error(Response answer) {
      return switch (answer.get(0).toString()) {
        case "foreign" -> QueueErrors.foreignFormat(answer.get(1).toString(), answer.get(2).toString());
        case "user_bytes" ->
          QueueErrors.tooMuchWaiting(answer.get(1).toLong(), answer.get(2).toLong(), answer.get(3).toLong());
        case "all_bytes" ->
          QueueErrors.queueFull(answer.get(1).toLong(), answer.get(2).toLong(), answer.get(3).toLong());
        default -> ApiException.tooLate();
      };
    }

    static Future<Receipt> receipt(TaskId id, Response answer) {
      return switch (answer.get(0).toString()) {
        case "foreign", "late", "unstaged", "user_bytes", "all_bytes" -> Future.failedFuture(error(answer));
        case "taken" -> Future.failedFuture(QueueErrors.promptIdTaken(id));
        case "full" ->
          Future.failedFuture(QueueErrors.tooManyWaiting(answer.get(1).toString(), answer.get(2).toString()));
        default -> Future.succeededFuture(new Receipt(ReplyMapper.of(answer.get(1)).toStatus(),
          answer.get(0).toString().equals("repeated"), answer.get(2).toInteger() == 1));
      };
    }

    static Future<Optional<TaskStatus>> acknowledged(Response answer) {
      return switch (answer.size() == 0 ? "" : answer.get(0).toString()) {
        case "rejected" -> Future.failedFuture(ApiException.byComfyUi(new TaskError(text(answer, 1), text(answer, 2),
          text(answer, 3), text(answer, 4))));
        case "acknowledged" -> Future.succeededFuture(Optional.ofNullable(answer.size() > 1 ? answer.get(1) : null)
          .map(row -> ReplyMapper.of(row).toStatus()));
        default -> Future.succeededFuture(Optional.empty());
      };
    }

    private static String text(Response row, int index) {
      return row.size() > index && row.get(index) != null ? row.get(index).toString() : "";
    }

    static Future<Cancelled> cancelled(TaskId id, Response answer) {
      return switch (answer.get(0).toString()) {
        case "cancelled", "runs" -> Future.succeededFuture(new Cancelled(ReplyMapper.of(answer.get(1)).toStatus(),
          answer.size() > 2 && answer.get(2).toInteger() == 1));
        case "ended" -> Future.failedFuture(QueueErrors.alreadyEnded(id, answer.get(1).toString()));
        default -> Future.failedFuture(QueueErrors.unknownTask(id));
      };
    }

    /** The configuration in force; logs which limits have changed. */
    static Future<EffectiveConfig> configured(Response answer) {
      String format = answer.get(0).toString();
      String ours = answer.get(1).toString();
      if (!format.equals(ours)) {
        return Future.failedFuture(QueueErrors.foreignFormat(format, ours));
      }
      answer.get(2).forEach(change ->
        log.info("The settings changed a limit: limit={} from={} to={}", change.get(0), change.get(1), change.get(2)));
      return Future.succeededFuture(ReplyMapper.inForce(answer.get(3)));
    }
  }
}
