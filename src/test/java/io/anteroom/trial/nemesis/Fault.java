package io.anteroom.trial.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A fault that the nemesis injects and heals. */
public interface Fault {
  /** Every fault that there is. */
  static List<Fault> all() {
    return Stream.of(NodeNemesis.values(), RedisNemesis.values(), InstanceNemesis.values(), LoadNemesis.values(),
      InstanceListNemesis.values())
      .flatMap(Stream::<Fault>of).collect(Collectors.toCollection(ArrayList::new));
  }

  /** Its name in the code; each kind of fault is an enum. */
  String name();

  /** Its name in the report. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What it does and how it is healed, in a sentence. */
  String description();

  Reach reach();

  /** Whether its recovery counts from its start, since others can take over at once; else from when it is healed. */
  default boolean countsFromStart() {
    return reach() == Reach.NODE;
  }

  /** Injects the fault and heals it; answers what it hit. Returns when it is healed. */
  String inject(FaultContext context) throws InterruptedException;

  /** The work that it stops while it lasts. */
  enum Reach {
    /** A node's: the others go on and take over. */
    NODE,
    /** An instance's: its tasks cannot end. */
    INSTANCE,
    /** That of all: nothing can start or end. */
    ALL
  }
}
