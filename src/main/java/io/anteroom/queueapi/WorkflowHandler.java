package io.anteroom.queueapi;

import static io.anteroom.comfy.PromptRequest.ANTEROOM;
import static io.anteroom.comfy.PromptRequest.CLIENT_ID;
import static io.anteroom.comfy.PromptRequest.EXTRA_DATA;
import static io.anteroom.comfy.PromptRequest.PROMPT;
import static io.anteroom.comfy.PromptRequest.TARGETS;

import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.OwnTasks;
import io.anteroom.bus.SubmissionServices.Workflow;
import io.anteroom.comfy.PromptRequest;
import io.anteroom.queue.TaskQueue;
import io.anteroom.queueapi.request.JsonMember;
import io.anteroom.queueapi.request.StrictJsonParser;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Returns to students the workflows that they submitted, without secrets or what Anteroom added. */
final class WorkflowHandler {
  /** Enough for twenty waiting workflows of usual size many times over, and for all ended ones. */
  private static final long ROOM = 32L << 20;

  private final TaskQueue queue;

  WorkflowHandler(TaskQueue queue) {
    this.queue = queue;
  }

  Future<SubmissionServices.Workflows> show(OwnTasks asked) {
    return queue.listBodies(asked.user(), asked.ids(), ROOM).map(bodies -> new SubmissionServices.Workflows(
      bodies.entrySet().stream().map(body -> workflow(body.getKey(), body.getValue())).toList()));
  }

  private static Workflow workflow(TaskId id, String stored) {
    JsonMember body = StrictJsonParser.read(PromptRequest.complete(stored, "", 1));
    String graph = body.member(PROMPT).map(JsonMember::rawValue).orElse("{}");
    List<JsonMember> extra = body.member(EXTRA_DATA).map(JsonMember::members).orElse(List.of());
    String shown = Stream.concat(body.member(CLIENT_ID).stream(), extra.stream())
      .filter(member -> !PromptRequest.isSecret(member.name()) && !member.name().equals(ANTEROOM))
      .map(JsonMember::raw)
      .collect(Collectors.joining(","));
    return new Workflow(id, graph, shown, body.member(TARGETS).map(JsonMember::rawValue).orElse("[]"));
  }
}
