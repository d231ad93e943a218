package io.anteroom.frontend;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import java.util.regex.Pattern;

/** The older panel: a tab of the side bar with a tile for each run. */
final class SidebarPanel implements QueuePanel {
  static final String TAB = "button[aria-label='Queue (q)']";

  private final Page page;

  SidebarPanel(Page page) {
    this.page = page;
  }

  @Override
  public void open() {
    page.locator(TAB).click();
  }

  @Override
  public Locator waiting() {
    return tiles("Pending");
  }

  @Override
  public Locator running() {
    return tiles("Running");
  }

  @Override
  public Locator pictures() {
    return page.locator(".task-item img[src*='/view?']");
  }

  @Override
  public Locator badge() {
    return page.locator(TAB);
  }

  @Override
  public Pattern badgeFor(int waiting, int running) {
    return Pattern.compile(waiting + running == 0 ? "^\\s*$" : "^\\s*" + (waiting + running) + "\\s*$");
  }

  @Override
  public void cancelWaiting() {
    waiting().first().click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
    page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Delete")).click();
  }

  @Override
  public void cancelRunning() {
    page.locator("button[aria-label='Cancel current run']").click();
  }

  private Locator tiles(String state) {
    return page.locator(".task-item").filter(new Locator.FilterOptions().setHasText(state));
  }
}
