package io.anteroom.queueapi;

import static io.anteroom.comfy.PromptBody.ANTEROOM;
import static io.anteroom.comfy.PromptBody.CLIENT_ID;
import static io.anteroom.comfy.PromptBody.EXTRA_DATA;
import static io.anteroom.comfy.PromptBody.PROMPT;
import static io.anteroom.comfy.PromptBody.TARGETS;

import io.anteroom.bus.QueueServices;
import io.anteroom.bus.QueueServices.OwnTasks;
import io.anteroom.bus.QueueServices.Workflow;
import io.anteroom.comfy.PromptBody;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.json.Member;
import io.anteroom.queueapi.json.StrictJson;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows students again what they have submitted, without their secrets and without what Anteroom added. */
final class Workflows {
  /** Twenty waiting workflows of the usual size fit many times, and all that is kept of ended ones. */
  private static final long ROOM = 32L << 20;

  private final TaskQueue queue;

  Workflows(TaskQueue queue) {
    this.queue = queue;
  }

  Future<QueueServices.Workflows> show(OwnTasks asked) {
    return queue.bodies(asked.user(), asked.ids(), ROOM).map(bodies -> new QueueServices.Workflows(
      bodies.entrySet().stream().map(body -> workflow(body.getKey(), body.getValue())).toList()));
  }

  private static Workflow workflow(TaskId id, String stored) {
    Member body = StrictJson.read(PromptBody.complete(stored, "", 1));
    String graph = body.member(PROMPT).map(Member::rawValue).orElse("{}");
    List<Member> extra = body.member(EXTRA_DATA).map(Member::members).orElse(List.of());
    String shown = Stream.concat(body.member(CLIENT_ID).stream(), extra.stream())
      .filter(member -> !PromptBody.isSecret(member.name()) && !member.name().equals(ANTEROOM))
      .map(Member::raw)
      .collect(Collectors.joining(","));
    return new Workflow(id, graph, shown, body.member(TARGETS).map(Member::rawValue).orElse("[]"));
  }
}
