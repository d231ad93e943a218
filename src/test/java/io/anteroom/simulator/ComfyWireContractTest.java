package io.anteroom.simulator;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what real ComfyUI servers were recorded to say, step by step, against the simulator. The recordings of one
 * version are replayed in their order: numbers, caches and history go on from one to the next, until one says that a
 * new server was started for it. Those from no. 16 on in {@code v0.28.0} are of 0.28.1.
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
    AtomicReference<Replay> server = new AtomicReference<>(start(version, List.of()));
    return DynamicContainer.dynamicContainer("ComfyUI " + version, Recording.of(version).stream()
      .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> {
        recording.server().ifPresent(arguments -> server.set(start(version, arguments)));
        server.get().play(recording);
      })));
  }

  private static Replay start(ComfyVersion version, List<String> arguments) {
    Simulator.Options options = Simulator.Options.of(1).withVersion(version).withSpeed(0);
    Simulator simulator = new Simulator(vertx, arguments.contains("--enable-assets") ? options.withAssets() : options);
    done(simulator.start());
    return new Replay(vertx, simulator.instance(0));
  }
}
