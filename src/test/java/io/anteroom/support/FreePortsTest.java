package io.anteroom.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two JVMs that test at the same time never get the same port. */
class FreePortsTest {
  private static final int MANY = 200;

  @Test
  void eachPortIsOfThisLaneAndGivenOutOnce() {
    List<Integer> ports = IntStream.range(0, MANY).mapToObj(number -> FreePorts.next()).toList();

    assertThat(ports).doesNotHaveDuplicates().allMatch(FreePortsTest::isOfThisLane);
  }

  @Test
  void aRowStaysInThisLaneFromItsFirstPortToItsLast() {
    List<Integer> ends = IntStream.range(0, MANY / 10).map(number -> FreePorts.row(10))
      .flatMap(first -> IntStream.of(first, first + 9)).boxed().toList();

    assertThat(ends).doesNotHaveDuplicates().allMatch(FreePortsTest::isOfThisLane);
  }

  private static boolean isOfThisLane(int port) {
    int first = FreePorts.firstOf(Lane.NUMBER);
    int next = FreePorts.firstOf(1) - FreePorts.firstOf(0) + first;
    return port >= first && port < next;
  }
}
