package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.comfy.OwnRunsParser.OwnRun;
import io.anteroom.comfy.json.JsonStream;
import io.anteroom.task.TaskId;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which runs are recognised as ours, and by what. */
class OwnRunsParserTest {
  private static final String ID = "9a2f6c1e-0000-4000-8000-000000000001";
  private static final String OTHER = "9a2f6c1e-0000-4000-8000-000000000002";
  private static final String ITEM = "[3,\"%s\",{\"1\":{\"inputs\":{\"a\":[\"2\",0],\"client_id\":\"no\"}}},"
    + "{\"x\":{\"client_id\":\"no\"},\"client_id\":\"tab\",\"anteroom\":{\"task\":\"%s\",\"attempt\":%d}},[\"9\"]]";

  @Test
  void theQueueTellsWhatRunsAndWhatWaits() {
    List<OwnRun> found = read(OwnRunsParser.ofQueue(), "{\"queue_running\":[" + ITEM.formatted(ID, ID, 2)
      + "],\"queue_pending\":[" + ITEM.formatted(OTHER, OTHER, 1) + "]}");

    assertThat(found).containsExactly(new OwnRun(new TaskId(ID), OwnRun.Place.RUNNING, "tab", 2),
      new OwnRun(new TaskId(OTHER), OwnRun.Place.PENDING, "tab", 1));
  }

  @Test
  void theHistoryTellsWhatHasEnded() {
    List<OwnRun> found = read(OwnRunsParser.ofHistory(), ("{\"%s\":{\"outputs\":{\"9\":{\"images\":[1,\"%s\",{},{}]}},"
      + "\"prompt\":%s,\"status\":{\"messages\":[[\"execution_start\",{\"prompt_id\":\"x\"}]]}}}")
      .formatted(ID, OTHER, ITEM.formatted(ID, ID, 1)));

    assertThat(found).containsExactly(new OwnRun(new TaskId(ID), OwnRun.Place.ENDED, "tab", 1));
  }

  @Test
  void whatCarriesNoMarkOrSomebodyElsesIsNotOurs() {
    String unmarked = "[1,\"%s\",{},{\"client_id\":\"tab\"},[]]".formatted(ID);

    List<OwnRun> found = read(OwnRunsParser.ofQueue(), "{\"queue_running\":[" + unmarked + "],\"queue_pending\":["
      + ITEM.formatted(ID, OTHER, 1) + "," + ITEM.formatted("x", "x", 1) + "]}");

    assertThat(found).isEmpty();
  }

  private static List<OwnRun> read(OwnRunsParser reader, String text) {
    JsonStream stream = new JsonStream(reader);
    stream.feed(Buffer.buffer(text));
    stream.end();
    return reader.found();
  }
}
