package io.anteroom.cluster.hazelcast;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.cluster.hazelcast.HazelcastConfig.JoinSettings;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lab that knows its two machines by name: each node in a JVM of its own, with the names in a file of hosts. */
class NamedMembersIT {
  private static final int PORT = FreePorts.next();
  private static final String MEMBERS = "one.lab.test:%1$d,two.lab.test:%1$d".formatted(PORT);

  @TempDir
  private Path folder;

  @Test
  void nodesThatListenOnTheirOwnAddressFindEachOtherByName() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.2 one.lab.test\n127.0.0.3 two.lab.test\n");
    Process one = start("one", hosts);
    Process two = start("two", hosts);
    try {
      until(() -> Stream.of("one", "two").allMatch(name -> says(name).contains("members=2")));
    } finally {
      one.destroyForcibly();
      two.destroyForcibly();
    }
    assertThat(says("one")).doesNotContain("ERROR");
  }

  /** The program: the host to listen on, the port, and the members. Tells how many members there are. */
  public static void main(String[] arguments) throws IOException {
    HazelcastMember member = Members.await(Members.join(new JoinSettings(arguments[0], arguments[0],
      Integer.parseInt(arguments[1]), 0, List.of(arguments[2].split(",")), Optional.empty(), TlsTrust.USUAL)));
    member.vertx().setPeriodic(500, tick -> System.out.println("members=" + member.size()));
    // Ends when the test does, even if that was killed.
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(0);
  }

  private Process start(String name, Path hosts) throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
      "-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + hosts, "-cp", System.getProperty("java.class.path"),
      NamedMembersIT.class.getName(), name + ".lab.test", Integer.toString(PORT), MEMBERS)
      .redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile()).start();
  }

  private String says(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
