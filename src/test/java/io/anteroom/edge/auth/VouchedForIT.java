package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.anteroom.attack.Attack;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.support.server.SmallPlatform;
import io.anteroom.support.server.SmallProvider;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real browser on its way to a provider or from a platform, both of another site than ours, and back. */
class VouchedForIT {
  private static Browsers browsers;

  private final Vertx vertx = Vertx.vertx();
  private final SmallProvider provider = new SmallProvider(vertx);
  private final SmallPlatform platform = new SmallPlatform(vertx);
  private EdgeFixture house;

  @BeforeAll
  static void openBrowsers() {
    browsers = Browsers.open();
  }

  @AfterAll
  static void closeBrowsers() {
    browsers.close();
  }

  @BeforeEach
  void open() {
    Map<String, String> variables = new HashMap<>(Map.of("ANTEROOM_AUTH_MODE", "oidc,lti",
      "ANTEROOM_OIDC_ISSUER", provider.issuer(), "ANTEROOM_OIDC_CLIENT_ID", SmallProvider.CLIENT,
      "ANTEROOM_LTI_ISSUER", platform.issuer(), "ANTEROOM_LTI_CLIENT_ID", SmallPlatform.CLIENT,
      "ANTEROOM_LTI_DEPLOYMENTS", SmallPlatform.DEPLOYMENT, "ANTEROOM_LTI_LOGIN", platform.issuer() + "/auth",
      "ANTEROOM_LTI_KEYS", platform.issuer() + "/keys"));
    house = new EdgeFixture(variables, unused -> new AuthStores(new MemorySignInStore(Clock.systemUTC()), () -> {
      throw new IllegalStateException("nobody signs in by a password here");
    }));
    platform.has(house.origin());
  }

  @AfterEach
  void close() {
    house.close();
    provider.close();
    platform.close();
    done(vertx.close());
  }

  @Test
  void whoOpensHisPageSignsInAtTheProviderAndIsThere() {
    Page page = browsers.page("en-US");

    page.navigate(house.origin() + "/u/alice/view?a=1");
    page.click("text=OIDC");
    page.fill("#user", "alice");
    page.click("text=Enter");

    page.waitForURL(house.origin() + "/u/alice/view?a=1");
    assertThat(page.content()).contains("/view?a=1");
    page.context().close();
  }

  @Test
  void whoClicksTheLinkInHisCourseIsAtHisPage() {
    Page page = browsers.page("zh-CN");

    page.navigate(platform.issuer() + "/course?user=alice");
    page.click("#tool");

    page.waitForURL(house.origin() + "/u/alice/");
    page.navigate(house.origin() + "/u/alice/view?a=1");
    assertThat(page.content()).contains("/view?a=1");
    page.navigate(house.origin() + "/u/bob/view?a=1");
    assertThat(page.content()).contains("not_yours");
    page.context().close();
  }

  @Test
  @Attack(25)
  void aPageThatSendsSomebodyElsesLaunchSignsNobodyIn() {
    SmallBrowser mallory = new SmallBrowser();
    Seen form = mallory.get(mallory.get(platform.login("bob")).location());
    Page page = browsers.page("en-US");

    page.navigate(platform.issuer() + "/course?user=alice");
    page.setContent(form.body());

    page.waitForSelector("[role=alert]");
    assertThat(page.url()).isEqualTo(house.origin() + "/signin/lti/launch");
    assertThat(page.content()).contains("not begun in this browser");
    page.navigate(house.origin() + "/u/bob/view?a=1");
    assertThat(page.url()).startsWith(house.origin() + "/signin?next=");
    page.context().close();
  }
}
