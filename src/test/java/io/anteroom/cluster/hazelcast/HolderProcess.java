package io.anteroom.cluster.hazelcast;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.anteroom.cluster.ClusterSemaphore;
import io.anteroom.cluster.ClusterSemaphore.Permit;
import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node in a JVM of its own that takes permits and keeps them for as long as it lives. */
final class HolderProcess {
  private static final Logger log = LoggerFactory.getLogger(HolderProcess.class);
  private static final long MEND_MILLIS = 5_000;

  private final Process process;

  HolderProcess(JoinSettings settings, int permits) throws IOException {
    Path logs = Files.createDirectories(Path.of("target", "holders"));
    List<String> command = new ArrayList<>(List.of(
      Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
      "-cp", System.getProperty("java.class.path"), HolderProcess.class.getName(),
      Integer.toString(permits), Integer.toString(settings.port()), settings.file().orElseThrow().toString()));
    command.addAll(settings.members());
    process = new ProcessBuilder(command)
      .redirectErrorStream(true)
      .redirectOutput(logs.resolve(settings.port() + ".log").toFile())
      .start();
  }

  /** The program: how many permits, port, cluster.xml, members. */
  public static void main(String[] arguments) throws IOException {
    List<String> members = List.of(arguments).subList(3, arguments.length);
    JoinSettings settings = new JoinSettings(
      "", "", Integer.parseInt(arguments[1]), 0, members, Optional.of(Path.of(arguments[2])), TlsTrust.USUAL);
    HazelcastMember member = Members.await(Members.join(settings));
    ClusterSemaphore semaphore = Members.patient(member);
    List<Permit> held = new ArrayList<>();
    for (int permit = 0; permit < Integer.parseInt(arguments[0]); permit++) {
      held.add(Members.await(semaphore.tryAcquire()).orElseThrow());
    }
    Members.await(semaphore.reconcile(held, 4));
    // As a dispatcher does: what a merge of clusters left undone is done then.
    member.vertx().setPeriodic(MEND_MILLIS, tick ->
      semaphore.reconcile(held, 4).onFailure(cause -> log.warn("Not mended, the next try follows", cause)));
    // Ends when the test does, even if that was killed.
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(0);
  }

  /** SIGKILL: no hook runs, nothing is given back. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(30, SECONDS);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops every thread, as a long pause of the JVM or of its machine does. */
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor(10, SECONDS);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
    }
  }
}
