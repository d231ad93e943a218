package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what real ComfyUI servers were recorded to say, step by step, against the simulator. The recordings of one
 * version are one server's life, so they are replayed in their order against one instance: its numbers, caches and
 * history go on from one to the next.
 *
 * <p>Compared are status codes, the headers that a page or a proxy acts on, bodies to the letter and in the order of
 * their keys, and for each socket every message it received, in order. Apart from that, and only that:
 * <ul>
 * <li>times, and a validator's value ({@link WireText}); ids and temporary names that the server makes up;
 * <li>where Python prints its own insides: tracebacks, tensors, the order of its sets, memory sizes; in
 *     {@code /object_info} all but the order of the classes that the recording names; the page itself;
 * <li>the command line in {@code /system_stats}: it was taken out of the recordings;
 * <li>how often progress is told: between two other messages, each different {@code progress} and
 *     {@code progress_state} counts once ({@link WireStream}). A recording keeps the first twelve of a socket and thins
 *     out the rest, so after them what it kept must have come in this order;
 * <li>where a {@code status} that a client's own request causes falls among the messages of the run that goes on at the
 *     same time. The order of the statuses, and where the worker's own ones stand, do count.
 * </ul>
 * Time stands still in the instance except when a recording waits for a run to end: nothing depends on how fast it is.
 */
class ComfyWireContractTest {

  private static Vertx vertx;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    done(vertx.close());
  }

  @TestFactory
  Stream<DynamicContainer> simulatorSaysWhatWasRecorded() {
    return Arrays.stream(ComfyVersion.values()).map(this::everyRecordingOf);
  }

  private DynamicContainer everyRecordingOf(ComfyVersion version) {
    Simulator simulator = new Simulator(vertx, Simulator.Options.of(1).withVersion(version).withSpeed(0));
    done(simulator.start());
    Replay replay = new Replay(vertx, simulator.instance(0));
    return DynamicContainer.dynamicContainer("ComfyUI " + version, Recording.of(version).stream()
      .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> replay.play(recording))));
  }
}
