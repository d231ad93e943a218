package io.anteroom.edge.session;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.bus.Events;
import io.anteroom.bus.Events.Happened;
import io.anteroom.bus.Events.TaskEvent;
import io.anteroom.bus.SessionServices;
import io.anteroom.bus.SessionServices.Attach;
import io.anteroom.bus.SessionServices.Attached;
import io.anteroom.bus.SessionServices.Begun;
import io.anteroom.bus.SessionServices.Leave;
import io.anteroom.bus.SessionServices.Left;
import io.anteroom.bus.StatusServices;
import io.anteroom.support.Workflows;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When sessions begin and end, and who may make them do so. */
class SessionLifeTest {
  /** Two event loops, each of which keeps so many for one user. */
  private static final int MOST_IDLE = 2 * 20;

  private SessionFixture house;

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aRunWithoutAPageHasItsProgressNotedAndLeavesNothingBehind() {
    house = new SessionFixture(10, Duration.ofSeconds(1));
    List<TaskEvent> told = new CopyOnWriteArrayList<>();
    house.bus.subscribe(Events.TASK, told::add);

    String task = house.run("alice", null, Workflows.lasting(600, 10_000));

    until(() -> told.stream().anyMatch(event -> event.happened() == Happened.PROGRESSED));
    assertThat(house.figure("edge_sessions")).isEqualTo(1);
    house.lab.finish(task);
    until(() -> house.figure("edge_sessions") == 0);
  }

  @Test
  void aSessionEndsWhenItsPageHasBeenAwayForTheGrace() {
    house = new SessionFixture(10, Duration.ofSeconds(1));
    Tab tab = house.tab("erin", "tab");
    until(() -> house.stub.sockets().size() == 1 && house.figure("edge_sockets") == 1);

    done(tab.socket().close());

    until(() -> house.figure("edge_sessions") == 0 && house.stub.sockets().stream().allMatch(WebSocket::isClosed));
    assertThat(house.figure("edge_sockets")).isZero();
  }

  @Test
  void aNodeThatStopsWaitsForThePagesOfItsRunsAndNoLonger() {
    house = new SessionFixture(10);
    Tab tab = house.tab("alice", "");
    String sid = tab.sid();
    String task = house.run("alice", sid, Workflows.lasting(600));
    tab.hears("executing");

    Future<Void> stopped = house.stopEdges();
    until(() -> tab.socket().isClosed());

    assertThat(done(house.bus.request(SessionServices.leave(sid), new Leave("alice"))).tasks())
      .extracting(Left.Sent::task).containsExactly(task);
    done(stopped);
  }

  @Test
  void whatOneUserLeavesBehindIsBounded() {
    house = new SessionFixture(10);

    for (int i = 0; i < MOST_IDLE + 30; i++) {
      done(house.tab("erin", "").socket().close());
    }

    until(() -> house.figure("edge_sockets") == 0 && house.figure("edge_sessions") <= MOST_IDLE);
  }

  @Test
  void nobodyMakesAnothersSessionLeaveOrListen() {
    house = new SessionFixture(10);
    String sid = house.tab("erin", "tab").sid();
    Attach attach = new Attach("bob", sid, "comfy-2", TaskId.random());

    assertThat(done(house.bus.requestIfPresent(SessionServices.leave(sid), new Leave("bob")))).contains(Left.NOTHING);
    assertThat(done(house.bus.requestIfPresent(SessionServices.attach(sid), attach))).contains(new Attached(false));
    assertThat(done(house.bus.requestIfPresent(SessionServices.ATTACH, attach))).contains(new Attached(false));

    assertThat(house.figure("edge_sessions")).isEqualTo(1);
    done(house.bus.requestIfPresent(SessionServices.leave(sid), new Leave("erin")));
    until(() -> house.figure("edge_sessions") == 0);
  }

  @Test
  void anInstanceThatDoesNotReadKeepsNoSessionOpen() {
    house = new SessionFixture(10, Duration.ofSeconds(1));
    house.stub.onSocket(WebSocket::pause);
    Tab tab = house.tab("erin", "tab");
    until(() -> house.stub.sockets().size() == 1);
    for (int i = 0; i < 64; i++) {
      tab.socket().writeBinaryMessage(Buffer.buffer(new byte[1 << 20]));
    }
    done(house.bus.requestIfPresent(SessionServices.leave(tab.sid()), new Leave("erin")));

    Tab next = house.tab("erin", "tab");

    until(() -> house.stub.sockets().size() == 2);
    assertThat(next.sid()).isEqualTo(tab.sid());
  }

  /** A task may be dispatched while its session has left one node and not yet begun at the next. */
  @Test
  void aSessionWithoutABrowserGivesWayToOneThatHasOne() {
    house = new SessionFixture(10);
    List<Attach> passedOn = new CopyOnWriteArrayList<>();
    Attach attach = new Attach("erin", "a.a00000000", "stub", TaskId.random());
    done(house.bus.requestIfPresent(SessionServices.ATTACH, attach));
    until(() -> house.stub.sockets().size() == 1 && house.figure("edge_sessions") == 1);

    house.bus.serve(SessionServices.attach("a.a00000000"), asked -> {
      passedOn.add(asked);
      return Future.succeededFuture(new Attached(true));
    });
    house.bus.publish(SessionServices.BEGUN, new Begun("a.a00000000", "elsewhere"));

    until(() -> passedOn.size() == 1 && house.figure("edge_sessions") == 0 && house.stub.socket(0).isClosed());
    assertThat(passedOn).containsExactly(attach);
  }

  @Test
  void aTaskWhoseEndWentUnheardDoesNotKeepASessionForEver() {
    house = new SessionFixture(10, Duration.ofSeconds(1));
    Attach attach = new Attach("erin", "a.a00000000", "stub", TaskId.random());

    done(house.bus.requestIfPresent(SessionServices.ATTACH, attach));
    until(() -> house.stub.sockets().size() == 1);
    for (int look = 0; look < 3; look++) {
      house.bus.publish(Events.TASK,
        new TaskEvent(TaskId.random(), "erin", Happened.SUBMITTED, TaskState.QUEUED, ""));
    }

    until(() -> house.figure("edge_sessions") == 0);
  }

  /** Events tell it of every run of the student, and so does its instance: each of these would look once and more. */
  /** Every session has its turn within half a minute; of so many one comes every few seconds. */
  @Test
  void pagesArePingedInTurn() {
    house = new SessionFixture(1);
    List<Tab> tabs = IntStream.range(0, 15).mapToObj(number -> house.tab("alice", "tab-" + number)).toList();

    within(Duration.ofSeconds(20), () -> tabs.stream().anyMatch(tab -> tab.wasPinged));
  }

  @Test
  void aSessionWithoutABrowserLooksAtNothing() {
    house = new SessionFixture(10);
    int away = 10;
    for (int page = 0; page < away; page++) {
      Tab tab = house.tab("alice", "away-" + page);
      until(() -> !tab.remaining().isEmpty());
      done(tab.socket().close());
    }
    until(() -> house.figure("edge_sockets") == 0);
    AtomicInteger looks = new AtomicInteger();
    house.vertx.eventBus().addOutboundInterceptor(message -> {
      looks.addAndGet(message.message().address().equals(StatusServices.USER.address()) ? 1 : 0);
      message.next();
    });

    String task = house.run("alice", null, Workflows.lasting(600));
    house.lab.finish(task);
    until(() -> done(house.queue.status(new TaskId(task))).orElseThrow().state() == TaskState.COMPLETED);

    assertThat(looks).as("looks of the session of the run alone").hasValueLessThan(away);
  }

  /** At none its page may start a run by itself. */
  @Test
  void whoComesBackIsFirstToldHowManyThereAreNow() {
    house = new SessionFixture(10);
    Tab gone = house.tab("alice", "tab");
    until(() -> gone.remaining().equals(List.of(0)));
    done(gone.socket().close());
    until(() -> house.figure("edge_sockets") == 0);
    house.run("alice", null, Workflows.lasting(600));

    Tab back = house.tab("alice", "tab");

    until(() -> !back.remaining().isEmpty());
    assertThat(back.remaining().get(0)).isOne();
  }
}
