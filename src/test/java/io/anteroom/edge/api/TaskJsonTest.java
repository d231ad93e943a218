package io.anteroom.edge.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.task.InstanceOutage;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.anteroom.task.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskJsonTest {
  private final Instant now = Clock.systemUTC().instant();

  @Test
  void anInstanceOnTrialBlocksNobodyAndIsNamedWithItsTimes() {
    JsonObject json = written(new InstanceOutage(InstanceOutage.Kind.TRIAL, "gpu-01", "",
      Optional.of(now.minusSeconds(20)),
      Optional.empty()).stored());

    assertThat(json.getString("blocked")).isEmpty();
    assertThat(json.getString("blocked_zh")).isEmpty();
    assertThat(json.getJsonObject("outage").getString("code")).isEqualTo("trial");
    assertThat(json.getJsonObject("outage").getString("message")).contains("gpu-01 is back since 2", "on trial");
    assertThat(json.getJsonObject("outage").getString("message_zh")).contains("gpu-01", "秒", "试运行");
    assertThat(json.getJsonObject("outage").getLong("since_seconds")).isBetween(20L, 29L);
    assertThat(json.getJsonObject("outage").getValue("until_seconds")).isNull();
  }

  @Test
  void anOutageIsWordedInBothLanguagesAndSaysUntilWhen() {
    JsonObject json = written(new InstanceOutage(InstanceOutage.Kind.FAILING, "gpu-01", "500", Optional.of(now),
      Optional.of(now.plusSeconds(50))).stored());

    assertThat(json.getString("blocked")).startsWith("the instance gpu-01 answers with errors (500); next try in ");
    assertThat(json.getString("blocked_zh")).startsWith("实例 gpu-01 返回错误（500）；").endsWith("后再试");
    assertThat(json.getJsonObject("outage").getLong("until_seconds")).isBetween(40L, 50L);
    assertThat(json.getJsonObject("outage").getString("pattern")).endsWith("next try in {until}");
  }

  @Test
  void whatIsHeldUpByNothingSaysNothing() {
    JsonObject json = written("");

    assertThat(json.getString("blocked")).isEmpty();
    assertThat(json.getValue("outage")).isNull();
  }

  private JsonObject written(String blocked) {
    return TaskJson.write(new TaskStatus(TaskId.random(), "alice", "tab", TaskState.QUEUED, 1, 1, blocked, "", 0,
      new TaskStatus.Times(now, Optional.empty(), Optional.empty()), Optional.empty(), Optional.empty(),
      Optional.empty(), ""));
  }
}
