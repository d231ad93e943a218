package io.anteroom.trial.nemesis;

import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.trial.history.HistoryEvent;
import io.anteroom.trial.history.HistoryEvent.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What students may do to the nodes, knowingly or not. */
enum LoadNemesis implements Fault {
  LARGE_WORKFLOWS("four students post a workflow of 20 to 90 MB each at the same moment") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      NodeProcess node = scene.dice().any(scene.house().nodes());
      List<Thread> students = new ArrayList<>();
      for (String user : scene.house().roster().heavyUsers()) {
        HistoryEvent note = scene.notes().wish(new HistoryEvent(UUID.randomUUID().toString(), user, Work.GOOD, false));
        LargeWorkflow workflow = new LargeWorkflow(note.task, scene.dice().between(20, 90), scene.dice().below(1_000));
        Thread student = new Thread(() -> {
          int status = workflow.post(node.url() + "/u/" + user + "/api/prompt");
          scene.notes().answered(note, status);
          scene.notes().count("large workflow answered " + status);
        }, "large workflow of " + user);
        student.start();
        students.add(student);
      }
      for (Thread student : students) {
        student.join();
      }
      return node.name();
    }
  },

  UPLOADS_STALLED("130 uploads and runs are announced to a node and not sent, for 4 to 12 s") {
    @Override
    public String happen(FaultContext scene) throws InterruptedException {
      NodeProcess node = scene.dice().any(scene.house().nodes());
      List<Socket> stalled = new ArrayList<>();
      try {
        for (int number = 0; number < STALLED; number++) {
          String user = scene.dice().any(scene.house().roster().heavyUsers());
          stalled.add(stall(node, "/u/" + user + (number % 2 == 0 ? "/api/upload/image" : "/api/prompt")));
        }
        scene.lasts(4, 12);
      } catch (IOException nodeIsFull) {
        scene.notes().count("stalled upload refused");
      } finally {
        stalled.forEach(LoadNemesis::close);
      }
      return node.name();
    }
  };

  private static final int STALLED = 130;

  private final String story;

  LoadNemesis(String story) {
    this.story = story;
  }

  @Override
  public String story() {
    return story;
  }

  @Override
  public Reach reach() {
    return Reach.NODE;
  }

  private static Socket stall(NodeProcess node, String path) throws IOException {
    URI url = URI.create(node.url());
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.getOutputStream().write(("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
      + "Content-Length: 1000000\r\n\r\n{").formatted(path, url.getAuthority()).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
