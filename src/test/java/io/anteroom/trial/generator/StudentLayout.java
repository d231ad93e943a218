package io.anteroom.trial.generator;

import io.anteroom.simulator.SimulatedComfy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who sits where: most students have an instance of their own, some share one, the others share a room of four. They
 * are {@code s1}, {@code s2}, … and sit in the order of the instances.
 */
public final class StudentLayout {
  public static final int INSTANCES = 40;
  public static final int SLOTS = 1;
  private static final int OWN = 24;
  private static final int SHARED = 4;
  private static final int WHO_SHARE_ONE = 3;
  private static final int ROOM = 4;
  private static final int WHO_SHARE_A_ROOM = 8;

  private static final int HEAVY = 4;

  private final List<String> users = new ArrayList<>();
  private final List<String> heavy = new ArrayList<>();
  private final List<String> instances = new ArrayList<>();
  private final StringBuilder seats = new StringBuilder("username,display_name,group,role,instance\n");

  /** @param address where nodes reach an instance */
  public StudentLayout(List<SimulatedComfy> comfys, Function<SimulatedComfy, String> address) {
    for (int number = 0; number < comfys.size(); number++) {
      SimulatedComfy comfy = comfys.get(number);
      boolean alone = number < OWN + SHARED;
      String pool = alone ? comfy.name() : "room-" + (number - OWN - SHARED) / ROOM;
      instances.add("%s,%s,%s,%d%n".formatted(comfy.name(), address.apply(comfy), pool, SLOTS));
      boolean opensTheRoom = (number - OWN - SHARED) % ROOM == 0;
      seat(pool, number < OWN ? 1 : alone ? WHO_SHARE_ONE : opensTheRoom ? WHO_SHARE_A_ROOM : 0);
    }
    for (int number = 1; number <= HEAVY; number++) {
      heavy.add("heavy" + number);
      row("heavy" + number, "room-0");
    }
  }

  public List<String> users() {
    return users;
  }

  /** Students of the first room who only do what a load fault lets them do. */
  public List<String> heavyUsers() {
    return heavy;
  }

  /** Whether students wait for this very instance, so that its trouble is seen. */
  public static boolean isWaitedFor(int instance) {
    return instance < OWN + SHARED;
  }

  /** Writes {@code users.csv} and {@code instances.csv} into this folder. */
  public void write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("users.csv"), seats);
      writeWithout("", folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes {@code instances.csv} without the line of this instance, whole for nodes that read it meanwhile. */
  public void writeWithout(String instance, Path folder) {
    try {
      Path next = folder.resolve("instances.csv.new");
      Files.writeString(next, "instance,url,pool,slots\n" + instances.stream()
        .filter(line -> !line.startsWith(instance + ",")).collect(Collectors.joining()));
      Files.move(next, folder.resolve("instances.csv"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void seat(String pool, int students) {
    for (int i = 0; i < students; i++) {
      String user = "s" + (users.size() + 1);
      users.add(user);
      row(user, pool);
    }
  }

  private void row(String user, String pool) {
    seats.append("%s,%s,class,student,%s%n".formatted(user, user, pool));
  }
}
