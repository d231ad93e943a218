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

    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port % Lane.MOST == Lane.NUMBER % Lane.MOST);
  }
}
