package io.anteroom.trial.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Something that goes wrong in a lab, and is put right again. */
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
  String story();

  Reach reach();

  /** Whether its recovery counts from the blow, since others can take over at once; else from when it is healed. */
  default boolean countsFromTheBlow() {
    return reach() == Reach.NODE;
  }

  /** Lets it happen and heals it; answers whom it hit. Returns when it is healed. */
  String happen(FaultContext scene) throws InterruptedException;

  /** Whose work it stops while it lasts. */
  enum Reach {
    /** A node's: the others go on and take over. */
    NODE,
    /** An instance's: its tasks cannot end. */
    INSTANCE,
    /** Everybody's: nothing can start or end. */
    EVERYBODY
  }
}
