package io.anteroom.frontend;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;

import io.anteroom.simulator.SimulatedComfy;
import io.anteroom.simulator.Simulator;
import io.anteroom.support.Workflows;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.browser.FrontEnds.FrontEnd;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A lab of one place whose instances show a real front end, a browser, and a student who likes to hold the place. */
final class FrontEndLab implements AutoCloseable {
  private static final int STUDENTS = 16;
  /** A page that was used before does not begin with a tour; and it may be older than the simulated ComfyUI. */
  private static final String SETTINGS = JsonObject.of("Comfy.TutorialCompleted", true,
    "Comfy.Minimap.Visible", false, "Comfy.VersionCompatibility.DisableWarnings", true).encode();

  private final TestCluster lab;
  private final NodeProcess node;
  private final Browsers browsers = Browsers.open();
  private final List<Guest> guests = new ArrayList<>();

  FrontEndLab(FrontEnd frontEnd) {
    lab = TestCluster.of(Simulator.Options.of(STUDENTS).withVersion(frontEnd.comfy()).withFrontend(frontEnd.folder()))
      .with("COMFY_MAX_CONCURRENT", "1");
    node = lab.node().awaitReady();
  }

  /** One who was not here before, with an instance of his own; tests do not get in each other's way. */
  Guest newcomer() {
    int number = guests.size();
    Guest guest = new Guest(new Student("s" + (number + 1)), lab.instance(number));
    guest.student.post(guest.instance.url() + "/api/settings", SETTINGS);
    guests.add(guest);
    return guest;
  }

  /** Ends what still waits or runs, so that the place is free. */
  void clear() {
    guests.forEach(Guest::cancelAll);
    until(() -> lab.ledger().runningNow() == 0);
  }

  /** A student and where he finds his ComfyUI. */
  final class Guest {
    private final Student student;
    private final SimulatedComfy instance;

    private Guest(Student student, SimulatedComfy instance) {
      this.student = student;
      this.instance = instance;
    }

    /** His page through Anteroom. */
    ComfyPage page() {
      return new ComfyPage(browsers.page("en-US"), node.url() + "/u/" + student.name() + "/");
    }

    /** The same page, from the instance itself. */
    ComfyPage pageAlone() {
      return new ComfyPage(browsers.page("en-US"), instance.url() + "/");
    }

    /** Takes the only place, until {@link #free}. */
    String occupy() {
      String task = student.run(node, Workflows.lasting(500)).taskId();
      awaitStarted(task);
      return task;
    }

    /** Gives the place back. */
    void free(String task) {
      student.cancel(node, task);
    }

    void awaitStarted(String task) {
      until(() -> lab.ledger().hasStarted(task));
    }

    /** Lets a run end well. */
    void finish(String task) {
      awaitStarted(task);
      done(instance.finish(task));
      until(() -> lab.ledger().hasEnded(task));
    }

    /** The ids of all tasks of which Anteroom tells. */
    List<String> tasks() {
      return student.get(node.url() + "/api/v1/comfy/queue?user=" + student.name()).json().getJsonArray("tasks")
        .stream().map(task -> ((JsonObject) task).getString("task_id")).toList();
    }

    private void cancelAll() {
      tasks().forEach(this::free);
    }

    /** What became of a task, as Anteroom says. */
    void awaitState(String task, String state) {
      until(() -> student.status(node, task).getString("status").equals(state));
    }
  }

  @Override
  public void close() {
    browsers.close();
    lab.close();
  }
}
