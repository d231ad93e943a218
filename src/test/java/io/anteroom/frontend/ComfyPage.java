package io.anteroom.frontend;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** A student in front of ComfyUI's own page, of whatever version: what he sees and presses. */
final class ComfyPage {
  private static final String IS_UP = """
    () => window.app?.extensionManager?.workflow?.activeWorkflow && !app.extensionManager.spinner
      && !document.querySelector('.p-blockui-mask') && document.querySelector('[data-testid=queue-button]')""";
  private static final String RUN = "[data-testid=queue-button] button, button[data-testid=queue-button]";

  /** The simulator knows every node of it; it does its work anew at every run. */
  private static final JsonObject WORKFLOW = new JsonObject("""
    {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 33343}},
     "2": {"class_type": "SimSleep", "inputs": {"seconds": 600, "image": ["1", 0], "steps": 20}},
     "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "anteroom"}}}""");

  private static final JsonObject WITHOUT_PICTURE = new JsonObject("""
    {"1": {"class_type": "LoadImage", "inputs": {"image": "gone.png"}},
     "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "anteroom"}}}""");

  private final Page page;
  private final String home;
  private final Noise noise;

  /** A page that will be loaded from this address. */
  ComfyPage(Page page, String home) {
    this.page = page;
    this.home = home;
    this.noise = new Noise(page, home);
  }

  /** Loads it and waits until a student could work. */
  ComfyPage load() {
    page.navigate(home);
    page.waitForFunction(IS_UP);
    return this;
  }

  /** Loads it once more. */
  void reload() {
    page.reload();
    page.waitForFunction(IS_UP);
  }

  /** Opens a workflow that runs until a test ends it, with a picture at its end. */
  ComfyPage openWorkflow() {
    page.evaluate("graph => app.loadApiJson(JSON.parse(graph), 'anteroom')", WORKFLOW.encode());
    return this;
  }

  /** Opens a workflow whose picture is not there, which ComfyUI notices only when it is sent one. */
  ComfyPage openWorkflowWithoutItsPicture() {
    page.evaluate("graph => app.loadApiJson(JSON.parse(graph), 'anteroom')", WITHOUT_PICTURE.encode());
    return this;
  }

  /** The inputs that the page marks as wrong, as node and input. */
  List<String> markedInputs() {
    return ((List<?>) page.evaluate("""
      () => [...document.getElementById('vue-app').__vue_app__.config.globalProperties.$pinia._s.values()]
        .flatMap(store => Object.entries(store.lastNodeErrors ?? {}))
        .flatMap(([node, { errors }]) => errors.map(error => node + ' ' + error.extra_info.input_name))""")).stream()
      .map(String::valueOf).distinct().toList();
  }

  /** Presses Run; returns the id of what was queued. */
  String run() {
    Response answer = page.waitForResponse(ComfyPage::answersRun, () -> page.locator(RUN).first().click());
    return new JsonObject(answer.text()).getString("prompt_id");
  }

  /** Presses Run; returns the status with which it is refused. */
  int runRefused() {
    return page.waitForResponse(ComfyPage::answersRun, () -> page.locator(RUN).first().click()).status();
  }

  QueuePanel panel() {
    return page.locator(SidebarPanel.TAB).count() > 0 ? new SidebarPanel(page) : new JobsPanel(page);
  }

  Noise noise() {
    return noise;
  }

  /** For whoever wants to see it. */
  void picture(String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "pictures", name + ".png")));
  }

  void close() {
    page.context().close();
  }

  private static boolean answersRun(Response response) {
    String address = response.url().replaceFirst("\\?.*", "");
    return response.request().method().equals("POST")
      && (address.endsWith("/prompt") || address.endsWith("/queue/execute"));
  }
}
