package io.anteroom.status;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Tasks.lab;
import static io.anteroom.support.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.async.Ticker;
import io.anteroom.bus.StatusServices.Answer;
import io.anteroom.status.LongPollHandler.Subject;
import io.anteroom.status.StatusReader.ProgressBoard;
import io.anteroom.support.redis.MemoryTaskQueue;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusReaderTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final MemoryTaskQueue queue = new MemoryTaskQueue(vertx, lab(10, "ann", "ben"), Clock.systemUTC());
  private final TaskId ofAnn = TaskId.random();
  private final TaskId ofBen = TaskId.random();

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void everySubjectGetsItsOwnTasksAndNoOthers() {
    done(queue.submit(task(ofAnn, "ann")));
    done(queue.submit(task(ofBen, "ben")));
    Subject mine = Subject.task("ann", ofAnn);
    Subject others = Subject.task("ann", ofBen);
    Subject all = Subject.tasksOf("ben", Integer.MAX_VALUE);

    Map<Subject, Answer> answers = done(read(List.of(mine, others, all)));

    assertThat(answers).containsOnlyKeys(mine, all);
    assertThat(answers.get(mine).tasks()).extracting(TaskStatus::id).containsExactly(ofAnn);
    assertThat(answers.get(all).tasks()).extracting(TaskStatus::id).containsExactly(ofBen);
  }

  @Test
  void noTaskHasAPlaceBeyondThoseThatWait() {
    Subject mine = Subject.task("ann", ofAnn);
    Subject all = Subject.tasksOf("ben", Integer.MAX_VALUE);

    Answer answer = done(onLoop(reader -> reader.read(List.of(all))
      .compose(none -> queue.submit(task(ofBen, "ben")))
      .compose(queued -> queue.submit(task(ofAnn, "ann")))
      .compose(queued -> reader.read(List.of(mine))))).get(mine);

    assertThat(answer.tasks()).extracting(TaskStatus::position).containsExactly(2);
    assertThat(answer.waiting()).isEqualTo(2);
  }

  private Future<Map<Subject, Answer>> read(List<Subject> subjects) {
    return onLoop(reader -> reader.read(subjects));
  }

  private <T> Future<T> onLoop(Function<StatusReader, Future<T>> question) {
    EtaForecast forecast = new EtaForecast(queue, Clock.systemUTC(), Ticker.system());
    StatusReader reader = new StatusReader(queue, new ProgressBoard(), forecast);
    return Future.future(answer -> context.runOnContext(now -> question.apply(reader).onComplete(answer)));
  }
}
