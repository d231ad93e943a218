package io.anteroom.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Something that goes wrong in a lab, and is put right again. */
interface Fault {
  /** Every fault that there is. */
  static List<Fault> all() {
    return Stream.of(NodeFault.values(), RedisFault.values(), InstanceFault.values())
      .flatMap(Stream::<Fault>of).collect(Collectors.toCollection(ArrayList::new));
  }

  /** Its name in the report. */
  String word();

  /** What it does and how it is healed, in a sentence. */
  String story();

  Reach reach();

  /** Lets it happen and heals it; answers whom it hit. Returns when it is healed. */
  String happen(Scene scene) throws InterruptedException;

  /** Whose work it stops while it lasts. */
  enum Reach {
    /** A node's: the others go on and take over. Recovery counts from the blow. */
    NODE,
    /** An instance's: its tasks cannot end. Recovery counts from the healing. */
    INSTANCE,
    /** Everybody's: nothing can start or end. Recovery counts from the healing. */
    EVERYBODY
  }
}
