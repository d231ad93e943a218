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

/** Load that students may put on the nodes, knowingly or not. */
enum LoadNemesis implements Fault {
  LARGE_WORKFLOWS("four students post a workflow of 20 to 90 MB each at the same moment") {
    @Override
    public String inject(FaultContext context) throws InterruptedException {
      NodeProcess node = context.random().any(context.cluster().nodes());
      List<Thread> students = new ArrayList<>();
      for (String user : context.cluster().layout().heavyUsers()) {
        HistoryEvent event = context.history()
          .invoke(new HistoryEvent(UUID.randomUUID().toString(), user, Work.GOOD, false));
        LargeWorkflow workflow =
          new LargeWorkflow(event.task, context.random().between(20, 90), context.random().below(1_000));
        Thread student = new Thread(() -> {
          int status = workflow.post(node.url() + "/u/" + user + "/api/prompt");
          context.history().answered(event, status);
          context.history().count("large workflow answered " + status);
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
    public String inject(FaultContext context) throws InterruptedException {
      NodeProcess node = context.random().any(context.cluster().nodes());
      List<Socket> stalled = new ArrayList<>();
      try {
        for (int number = 0; number < STALLED; number++) {
          String user = context.random().any(context.cluster().layout().heavyUsers());
          stalled.add(stall(node, "/u/" + user + (number % 2 == 0 ? "/api/upload/image" : "/api/prompt")));
        }
        context.pause(4, 12);
      } catch (IOException nodeIsFull) {
        context.history().count("stalled upload refused");
      } finally {
        stalled.forEach(LoadNemesis::close);
      }
      return node.name();
    }
  };

  private static final int STALLED = 130;

  private final String description;

  LoadNemesis(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
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
