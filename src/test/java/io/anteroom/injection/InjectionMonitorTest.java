package io.anteroom.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InjectionMonitorTest {
  private final InjectionMonitor watch = new InjectionMonitor();

  @Test
  void pagesThatSayHelloAreFine() {
    load(10);
    greet(9);
    tick(2);

    assertThat(watch.alerts()).isZero();
  }

  @Test
  void pagesThatStaySilentRaiseAnAlert() {
    load(10);
    greet(8);
    tick(2);

    assertThat(watch.alerts()).isEqualTo(1);
  }

  @Test
  void pageThatWasLoadedJustNowMayStillSayHello() {
    load(10);
    tick(1);

    assertThat(watch.alerts()).isZero();
  }

  @Test
  void fewLoadsProveNothing() {
    load(4);
    tick(5);

    assertThat(watch.alerts()).isZero();
  }

  @Test
  void mendedPageEndsTheAlert() {
    load(60);
    tick(2);
    assertThat(watch.alerts()).isEqualTo(1);

    for (int i = 0; i < 10; i++) {
      load(60);
      greet(60);
      tick(2);
    }

    assertThat(watch.alerts()).isZero();
  }

  @Test
  void missIsAnAlertUntilThePageIsWholeAgain() {
    watch.record("gpu", InjectionResult.NO_TAG, "");
    assertThat(watch.alerts()).isEqualTo(1);

    watch.record("gpu", InjectionResult.INJECTED, "\"2\"");
    assertThat(watch.alerts()).isZero();
  }

  @Test
  void instanceThatIsGoneIsForgotten() {
    watch.record("gpu", InjectionResult.NO_TAG, "");

    watch.keepOnly(Set.of());
    watch.tick();

    assertThat(watch.alerts()).isZero();
    assertThat(watch.knows("gpu")).isFalse();
  }

  private void load(int pages) {
    for (int i = 0; i < pages; i++) {
      watch.recordLoad("gpu");
    }
  }

  private void greet(int pages) {
    for (int i = 0; i < pages; i++) {
      watch.recordHello("gpu", "1.27.10");
    }
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      watch.tick();
    }
  }
}
