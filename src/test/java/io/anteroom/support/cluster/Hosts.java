package io.anteroom.support.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Hosts in a network of their own, so that the network can be cut between them: network namespaces on one bridge, which
 * has an address of its own for what the test itself offers. Needs root and iproute2.
 */
public final class Hosts implements AutoCloseable {
  /** What {@code ip} answers to names is kept apart from that of other runs on the same machine. */
  private final String name = "ar" + ProcessHandle.current().pid() % 100_000;
  private final String network = "10.213." + ProcessHandle.current().pid() % 250;
  private final List<Host> hosts;

  public Hosts(int count) {
    ip("link", "add", name, "type", "bridge");
    ip("addr", "add", network + ".1/24", "dev", name);
    ip("link", "set", name, "up");
    hosts = IntStream.rangeClosed(1, count).mapToObj(this::host).toList();
  }

  /** Whether this machine and this user can have them. */
  public static boolean arePossible() {
    try {
      return Files.isExecutable(Path.of("/usr/sbin/ip"))
        && new ProcessBuilder("unshare", "--net", "true").start().waitFor() == 0;
    } catch (IOException | InterruptedException notHere) {
      return false;
    }
  }

  public Host get(int index) {
    return hosts.get(index);
  }

  /** The address of the test itself, as all of them see it. */
  public String ours() {
    return network + ".1";
  }

  /** No packet passes any more between this host and the others; all of them still reach the test. */
  public void cutOff(int index) {
    others(index).forEach(other -> {
      blackhole("add", index, other);
      blackhole("add", other, index);
    });
  }

  /** Takes that back. */
  public void heal(int index) {
    others(index).forEach(other -> {
      blackhole("del", index, other);
      blackhole("del", other, index);
    });
  }

  @Override
  public void close() {
    IntStream.rangeClosed(1, hosts.size()).forEach(number -> ip("netns", "del", name + "-" + number));
    ip("link", "del", name);
  }

  private Host host(int number) {
    String space = name + "-" + number;
    String cable = name + "v" + number;
    String address = network + "." + (10 + number);
    ip("netns", "add", space);
    ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space);
    ip("link", "set", cable, "master", name, "up");
    ip("-n", space, "addr", "add", address + "/24", "dev", "eth0");
    ip("-n", space, "link", "set", "eth0", "up");
    ip("-n", space, "link", "set", "lo", "up");
    return new Host(address, List.of("/usr/sbin/ip", "netns", "exec", space));
  }

  private List<Integer> others(int index) {
    return IntStream.range(0, hosts.size()).filter(other -> other != index).boxed().toList();
  }

  private void blackhole(String verb, int from, int to) {
    ip("-n", name + "-" + (from + 1), "route", verb, "blackhole", hosts.get(to).address() + "/32");
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("/usr/sbin/ip"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + said);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
