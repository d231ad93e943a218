package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.queue.Submission;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What students hear of their runs on simulated instances. */
class SessionTest {
  private SessionFixture house;

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aPageIsGreetedWithAnIdOfItsOwnThatItKeeps() {
    house = new SessionFixture(10);

    String fresh = house.tab("alice", "").sid();
    String wished = house.tab("alice", "tab%201").sid();

    assertThat(fresh).matches("[0-9a-f]{32}\\.a[0-9a-f]{8}");
    assertThat(wished).matches("tab 1\\.a[0-9a-f]{8}");
    assertThat(house.tab("alice", fresh).sid()).isEqualTo(fresh);
    assertThat(house.tab("bob", fresh).sid()).isNotEqualTo(fresh).hasSameSizeAs(fresh);
  }

  @Test
  void aRunIsHeardFromItsStartToItsEnd() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "tab").listens();

    String task = house.run("alice", tab.sid(), Workflows.lasting(0.5));

    tab.hearsTheEndOf(task);
    assertThat(tab.told("execution_start")).extracting(data -> data.getString("prompt_id")).containsExactly(task);
    assertThat(tab.told("progress")).hasSize(20);
    assertThat(tab.told("executed")).hasSize(1);
    assertThat(tab.told("execution_success")).hasSize(1);
    until(() -> tab.lastRemaining() == 0);
    assertThat(tab.remaining()).contains(1);
  }

  /** Trap 8: whatever a client says of itself, nobody hears another's run and no instance is harmed. */
  @ParameterizedTest
  @ValueSource(strings = {"tab", "", "7"})
  void trap8AClientThatKeepsAnIdOfItsOwnMakingHearsItsRun(String clientId) {
    house = new SessionFixture(10);
    Tab tab = house.tab("carol", clientId);
    Tab other = house.tab("dave", tab.sid());
    other.sid();

    Object said = clientId.equals("7") ? (Object) 7 : clientId.isEmpty() ? tab.sid() : clientId;
    String task = house.run("carol", said, Workflows.lasting(0.3));

    tab.hearsTheEndOf(task);
    assertThat(other.told()).allMatch(message -> message.getString("type").equals("status"));
  }

  @Test
  void trap8AnIdOfAnotherUserOrNoneAtAllHarmsNobody() {
    house = new SessionFixture(10);
    Tab carol = house.tab("carol", "tab");

    String stolen = house.run("dave", carol.sid(), Workflows.lasting(0.2));
    house.lab.awaitEnded(stolen);
    assertThat(house.queue.submission(new TaskId(stolen)).clientId()).isNotEqualTo(carol.sid());
    String unnamed = house.run("dave", null, Workflows.lasting(0.2));
    house.lab.awaitEnded(unnamed);
    String own = house.run("carol", "tab", Workflows.lasting(0.2));

    carol.hearsTheEndOf(own);
    assertThat(carol.told("executing")).allMatch(data -> own.equals(data.getString("prompt_id")));
    assertThat(carol.told("progress_state")).allMatch(data -> own.equals(data.getString("prompt_id")));
  }

  /** Trap 10: ComfyUI forgets a new socket when an old one of the same id is closed after it. */
  @Test
  void trap10AfterEachOfFiftyReconnectsProgressIsHeard() {
    house = new SessionFixture(10);
    String sid = house.tab("alice", "").sid();
    String task = house.run("alice", sid, Workflows.lasting(600, 10_000));
    house.lab.awaitStarted(task);

    for (int i = 0; i < 50; i++) {
      Tab tab = house.tab("alice", sid).hears("progress");
      done(tab.socket().close());
    }
    assertThat(house.figure("edge_sessions")).isEqualTo(1);
  }

  /** A page learns from the answer to its submit that a run is its own: what an instance says before comes after it. */
  @Test
  void nothingOfARunIsToldBeforeItsSubmitIsAnswered() {
    house = new SessionFixture(10);
    Tab tab = house.tab("erin", "tab");
    String sid = tab.sid();
    List<JsonObject> early = new CopyOnWriteArrayList<>();
    house.stub.answers("/prompt", request -> {
      if (request.method() == HttpMethod.GET) {
        request.response().end("{\"exec_info\":{\"queue_remaining\":0}}");
        return;
      }
      request.body().onSuccess(body -> {
        String id = body.toJsonObject().getString("prompt_id");
        house.stub.sockets().forEach(socket -> {
          socket.writeTextMessage("{\"type\":\"execution_start\",\"data\":{\"prompt_id\":\"" + id + "\"}}");
          socket.writeTextMessage("{\"type\":\"executed\",\"data\":{\"prompt_id\":\"" + id + "\",\"node\":\"1\"}}");
        });
        house.vertx.setTimer(300, later -> {
          early.addAll(tab.told("execution_start"));
          request.response()
            .end("{\"prompt_id\":\"" + id + "\",\"number\":1,\"node_errors\":{\"7\":{\"max\":NaN}}}");
        });
      });
    });

    String answer = house.submitText("erin", sid, Workflows.lasting(1));

    assertThat(early).as("told before the instance itself had answered").isEmpty();
    assertThat(answer).as("in ComfyUI's own words").contains("\"node_errors\":{\"7\":{\"max\":NaN}}");
    until(() -> !tab.told("executed").isEmpty());
    assertThat(tab.told("execution_start")).hasSize(1);
  }

  /** The word that a submit is answered got lost. */
  @Test
  void whatIsHeldBackIsToldAfterAWhileAllTheSame() {
    house = new SessionFixture(10);
    Tab tab = house.tab("erin", "tab");
    TaskId task = TaskId.random();
    Attach attach = new Attach("erin", tab.sid(), "stub", task, true);
    done(house.bus.request(SessionServices.attach(tab.sid()), attach));

    house.stub.socket(0).writeTextMessage(
      "{\"type\":\"execution_start\",\"data\":{\"prompt_id\":\"" + task + "\"}}");

    until(() -> !tab.told("execution_start").isEmpty());
  }

  /** What is known from before the answer to a submit lacks its task; the page that comes after the answer has it. */
  @Test
  void aPageThatComesRightAfterItsSubmitIsNotToldThatNothingWaits() {
    house = new SessionFixture(1);
    house.lab.awaitStarted(house.run("bob", "b", Workflows.lasting(600)));
    Tab former = house.tab("erin", "tab");
    String sid = former.sid();
    done(former.socket().close());
    until(() -> house.figure("edge_sockets") == 0);
    TaskId task = TaskId.random();
    done(house.bus.request(SessionServices.attach(sid), new Attach("erin", sid, "stub", task, true)));
    done(house.queue.submit(new Submission(task, "erin", "stub", false, sid, "{}", "")));

    assertThat(house.tab("erin", sid).hears("status").remaining().get(0)).isEqualTo(1);
  }

  /** Each status has a page ask for its lists again. ComfyUI itself tells three of a run, and one at the start. */
  @Test
  void aPageIsToldOfItsRunsNoMoreOftenThanComfyUiTells() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "tab");
    String sid = tab.sid();

    List<String> tasks = List.of(house.run("alice", sid, Workflows.lasting(0.2)),
      house.run("alice", sid, Workflows.lasting(0.2)), house.run("alice", sid, Workflows.lasting(0.2)));
    tasks.forEach(tab::hearsTheEndOf);
    until(() -> tab.lastRemaining() == 0);

    assertThat(tab.remaining()).hasSizeLessThanOrEqualTo(1 + 3 * tasks.size());
    assertThat(timesAtZero(tab.remaining())).isEqualTo(1);
  }

  /** Trap 12: at zero a page in the mode "instant" presses Run by itself. */
  @Test
  void trap12APageThatRunsAgainAtZeroDoesNotWhileItsTaskWaits() {
    house = new SessionFixture(1);
    String first = house.run("bob", "b", Workflows.lasting(600));
    house.lab.awaitStarted(first);
    Tab tab = house.tab("alice", "tab");

    String task = house.run("alice", tab.sid(), Workflows.lasting(0.1));
    until(() -> tab.remaining().contains(1));
    done(house.lab.instance(0).restart());
    done(house.lab.instance(0).restart());

    assertThat(timesAtZero(tab.remaining())).isZero();
    house.lab.finish(first);
    tab.hearsTheEndOf(task);
    until(() -> timesAtZero(tab.remaining()) == 1);
  }

  /** Trap 18, at the socket: all that a student hears while another runs on the same instance. */
  @Test
  void trap18NothingOfAnothersRunIsHeardOnASharedInstance() {
    house = new SessionFixture(10);
    Tab carol = house.tab("carol", "c");
    Tab dave = house.tab("dave", "d");
    dave.sid();
    carol.listens();

    String task = house.run("carol", carol.sid(), Workflows.previews(1, 10, 4096));

    carol.hearsTheEndOf(task);
    assertThat(carol.frames).filteredOn(WebSocketFrame::isBinary).hasSize(10);
    assertThat(dave.frames).noneMatch(WebSocketFrame::isBinary);
    assertThat(dave.told()).allMatch(message -> message.getString("type").equals("status"));
    assertThat(dave.remaining()).containsOnly(0);
  }

  /** Trap 19: no storm of reconnects, no page that asks for ever. */
  @Test
  void trap19TheBrowsersSocketOutlivesItsInstance() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "tab");
    String before = house.run("alice", tab.sid(), Workflows.lasting(0.1));
    tab.hearsTheEndOf(before);

    done(house.lab.instance(0).restart());
    String after = house.run("alice", tab.sid(), Workflows.lasting(0.3));

    tab.hearsTheEndOf(after);
    assertThat(tab.socket().isClosed()).isFalse();
    assertThat(tab.told("progress")).isNotEmpty();
  }

  /** Trap 19: the run goes on while nobody can connect, and nothing but the line itself brings it back. */
  @Test
  void trap19ALineThatBreaksInTheMiddleOfARunComesBack() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "tab");
    house.run("alice", tab.sid(), Workflows.lasting(600, 10_000));
    tab.hears("progress");

    done(house.lab.instance(0).goDown());
    int before = tab.told("progress").size();
    done(house.lab.instance(0).comeUp());

    await("well before the round that looks after all lines").atMost(Duration.ofSeconds(12))
      .until(() -> tab.told("progress").size() > before + 10);
    assertThat(tab.socket().isClosed()).isFalse();
  }

  @Test
  void aPageThatIsReloadedInTheMiddleKnowsHowItsRunStands() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "tab");
    String task = house.run("alice", tab.sid(), Workflows.lasting(600));
    done(house.lab.instance(0).speed(40));
    tab.hears("progress_state");
    done(house.lab.instance(0).speed(0));
    done(tab.socket().close());

    Tab reloaded = house.tab("alice", tab.sid()).hears("executing");

    assertThat(reloaded.told().subList(0, 4)).extracting(message -> message.getString("type"))
      .containsExactly("status", "execution_start", "progress_state", "executing");
    assertThat(reloaded.remaining().get(0)).isEqualTo(1);
    done(house.lab.instance(0).speed(1));
    house.lab.finish(task);
    reloaded.hearsTheEndOf(task);
  }

  @Test
  void twoTabsWithOneIdHearTheSame() {
    house = new SessionFixture(10);
    Tab one = house.tab("alice", "tab").listens();
    Tab two = house.tab("alice", one.sid());
    two.sid();

    // Small enough to wait for a slow reader: pictures that are too many for one are not shown.
    String task = house.run("alice", one.sid(), Workflows.previews(0.5, 5, 1_000));

    one.hearsTheEndOf(task);
    two.hearsTheEndOf(task);
    assertThat(two.told("progress")).isEqualTo(one.told("progress")).hasSize(5);
    assertThat(two.frames).filteredOn(WebSocketFrame::isBinary).hasSize(5);
  }

  /** How often a page would have pressed Run. */
  private static int timesAtZero(List<Integer> remaining) {
    int times = 0;
    for (int i = 1; i < remaining.size(); i++) {
      times += remaining.get(i) == 0 && remaining.get(i - 1) > 0 ? 1 : 0;
    }
    return times;
  }
}
