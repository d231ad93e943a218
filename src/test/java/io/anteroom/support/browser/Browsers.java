package io.anteroom.support.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real Chromium without a window; every page has cookies and storage of its own. */
public final class Browsers implements AutoCloseable {
  private static final List<String> QUIET = List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    // What a page wants from the internet fails at once and everywhere alike.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost");

  /** For whatever a page is certain to do, however busy the machine. */
  public static final double PATIENCE_MILLIS = 90_000;

  private final Playwright playwright;
  private final Browser browser;

  private Browsers(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts one; installs a Chromium first on a machine that has none. */
  public static Browsers open() {
    Playwright playwright = Playwright.create(
      new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      Path executable = new Chromium(Path.of(playwright.chromium().executablePath())).executable();
      return new Browsers(playwright, playwright.chromium().launch(
        new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(QUIET)));
    } catch (RuntimeException failure) {
      playwright.close();
      throw failure;
    }
  }

  /** A new page of a browser whose user reads this language, {@code en-US} or {@code zh-CN}. */
  public Page page(String language) {
    return page(new Browser.NewPageOptions().setLocale(language));
  }

  /** One that believes any certificate, for names that no authority knows. */
  public Page trustingPage() {
    return page(new Browser.NewPageOptions().setIgnoreHTTPSErrors(true));
  }

  private Page page(Browser.NewPageOptions options) {
    Page page = browser.newPage(options.setViewportSize(1366, 768));
    page.setDefaultTimeout(PATIENCE_MILLIS);
    return page;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
