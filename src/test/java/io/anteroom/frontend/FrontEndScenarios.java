package io.anteroom.frontend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.anteroom.frontend.FrontEndLab.Guest;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.browser.FrontEnds;
import io.anteroom.support.browser.FrontEnds.FrontEnd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What ComfyUI's own page must do behind Anteroom in a real Chromium, in any version: tell the truth of every run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FrontEndScenarios {
  /** Anteroom's own API, and the icons that ComfyUI's page asks for at the root: those are led home. */
  private static final List<String> FROM_THE_ROOT =
    List.of("/api/v1/comfy/queue", "/assets/images/favicon_progress_16x16/");

  private final FrontEnd frontEnd;
  private final List<ComfyPage> pages = new ArrayList<>();
  private FrontEndLab lab;

  FrontEndScenarios(String version) {
    frontEnd = FrontEnds.of(version);
  }

  @BeforeAll
  void open() {
    PlaywrightAssertions.setDefaultAssertionTimeout(Browsers.PATIENCE_MILLIS);
    lab = new FrontEndLab(frontEnd);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @AfterEach
  void leave() {
    pages.forEach(ComfyPage::close);
    pages.clear();
    lab.clear();
  }

  @Test
  void pageLoadsBelowItsAddressAndComplainsOfNothingNew() {
    Guest alice = lab.newcomer();
    ComfyPage alone = opened(alice.pageAlone());
    alice.finish(alone.run());

    ComfyPage page = opened(alice.page());
    alice.finish(page.run());

    assertThat(page.noise().complaints()).isSubsetOf(alone.noise().complaints());
    assertThat(page.noise().astray()).allMatch(path -> FROM_THE_ROOT.stream().anyMatch(path::startsWith));
  }

  @Test
  void runIsShownWaitingThenRunningThenDoneWithItsPicture() {
    Guest bob = lab.newcomer();
    Guest alice = lab.newcomer();
    String bobs = bob.occupy();
    ComfyPage page = opened(alice.page());

    String task = page.run();
    QueuePanel panel = page.panel();
    panel.open();
    shows(panel, 1, 0);
    page.picture(frontEnd + "-waiting");

    bob.free(bobs);
    shows(panel, 0, 1);
    page.picture(frontEnd + "-running");

    alice.finish(task);
    shows(panel, 0, 0);
    showsPicture(panel);
    page.picture(frontEnd + "-done");
  }

  @Test
  void waitingRunIsCancelledInThePanel() {
    Guest bob = lab.newcomer();
    Guest alice = lab.newcomer();
    String bobs = bob.occupy();
    ComfyPage page = opened(alice.page());
    String task = page.run();
    QueuePanel panel = page.panel();
    panel.open();
    shows(panel, 1, 0);

    panel.cancelWaiting();

    alice.awaitState(task, "cancelled");
    shows(panel, 0, 0);
    bob.free(bobs);
  }

  /** Only ComfyUI itself can say that the picture is missing, and it is asked when the turn has come. */
  @Test
  void nodeAndInputOfARunThatIsRefusedLaterAreMarked() {
    Guest bob = lab.newcomer();
    Guest alice = lab.newcomer();
    String holding = bob.occupy();
    ComfyPage page = opened(alice.page()).openWorkflowWithoutItsPicture();
    String task = page.run();
    assertThat(page.markedInputs()).isEmpty();

    bob.free(holding);

    alice.awaitState(task, "failed");
    until(() -> page.markedInputs().equals(List.of("1 image")));
    page.picture("refused-later-" + frontEnd.version());
  }

  /** When a place is free, the page hears it as the answer to Run. */
  @Test
  void nodeAndInputOfARunThatIsRefusedAtOnceAreMarked() {
    Guest alice = lab.newcomer();
    ComfyPage page = opened(alice.page()).openWorkflowWithoutItsPicture();

    assertThat(page.runRefused()).isEqualTo(400);

    until(() -> page.markedInputs().equals(List.of("1 image")));
    assertThat(alice.tasks()).isEmpty();
  }

  @Test
  void runningOneIsCancelledInThePanel() {
    Guest alice = lab.newcomer();
    ComfyPage page = opened(alice.page());
    String task = page.run();
    QueuePanel panel = page.panel();
    panel.open();
    shows(panel, 0, 1);

    panel.cancelRunning();

    alice.awaitState(task, "cancelled");
    shows(panel, 0, 0);
  }

  @Test
  void reloadInTheMiddleLosesNothing() {
    Guest bob = lab.newcomer();
    Guest alice = lab.newcomer();
    String bobs = bob.occupy();
    ComfyPage page = opened(alice.page());
    String task = page.run();

    page.reload();
    page.panel().open();
    shows(page.panel(), 1, 0);

    bob.free(bobs);
    alice.awaitStarted(task);
    page.reload();
    page.panel().open();
    shows(page.panel(), 0, 1);

    alice.finish(task);
    showsPicture(page.panel());
  }

  @Test
  void twoStudentsSideBySideSeeEachTheirOwn() {
    Guest alice = lab.newcomer();
    Guest bob = lab.newcomer();
    ComfyPage hers = opened(alice.page());
    ComfyPage his = opened(bob.page());

    String first = hers.run();
    alice.awaitStarted(first);
    String second = his.run();
    hers.panel().open();
    his.panel().open();
    shows(hers.panel(), 0, 1);
    shows(his.panel(), 1, 0);

    alice.finish(first);
    shows(hers.panel(), 0, 0);
    shows(his.panel(), 0, 1);
    bob.finish(second);
    showsPicture(hers.panel());
    showsPicture(his.panel());
  }

  private ComfyPage opened(ComfyPage page) {
    pages.add(page);
    return page.load().openWorkflow();
  }

  private static void shows(QueuePanel panel, int waiting, int running) {
    assertThat(panel.waiting()).hasCount(waiting);
    assertThat(panel.running()).hasCount(running);
    assertThat(panel.badge()).hasText(panel.badgeFor(waiting, running));
  }

  private static void showsPicture(QueuePanel panel) {
    assertThat(panel.pictures()).hasCount(1);
    until(() -> (Boolean) panel.pictures().evaluate("picture => picture.complete && picture.naturalWidth > 0"));
  }
}
