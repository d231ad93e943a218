package io.anteroom.frontend;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;

/** The newer panel: a list of jobs that drops down beside the Run button. */
final class JobsPanel implements QueuePanel {
  private static final String TOGGLE = "button:has-text('Expand job queue'), button[aria-label='Expand job queue']";
  private static final String TOOLS = "button[aria-label='Filter jobs']";
  private static final String WAITING = "[title='In queue...']";
  /** Without a share of the work when the page was loaded after the run had begun. */
  private static final String RUNNING = "[title^='Total:'], [title='Running']";
  /** In a row that names the file too; the same picture may stand in a message elsewhere. */
  private static final String PICTURES = "xpath=//img[contains(@src, '/view?')]"
    + "[ancestor::*[position() <= 4][descendant::*[contains(@title, '.png')]]]";

  private final Page page;

  JobsPanel(Page page) {
    this.page = page;
  }

  /** It may be open already: newer pages remember. */
  @Override
  public void open() {
    if (!page.locator(TOOLS).isVisible()) {
      badge().click();
    }
  }

  @Override
  public Locator waiting() {
    return page.locator(WAITING);
  }

  @Override
  public Locator running() {
    return page.locator(RUNNING);
  }

  @Override
  public Locator pictures() {
    return page.locator(PICTURES);
  }

  @Override
  public Locator badge() {
    return page.locator(TOGGLE).first();
  }

  /** First it counted those that wait, later all that are not done. */
  @Override
  public Pattern badgeFor(int waiting, int running) {
    boolean countsAll = badge().textContent().contains("active");
    return Pattern.compile(countsAll ? "^\\s*" + (waiting + running) + " active"
      : waiting == 0 ? "^\\s*$" : "^\\s*" + waiting + "\\s*$");
  }

  @Override
  public void cancelWaiting() {
    cancel(WAITING);
  }

  @Override
  public void cancelRunning() {
    cancel(RUNNING);
  }

  /** The button is there only while the mouse is over the job. */
  private void cancel(String title) {
    page.locator(title).first().hover();
    page.locator("div:has(" + title + "):has(button[aria-label='Cancel'])").last()
      .locator("button[aria-label='Cancel']").first().click();
  }
}
