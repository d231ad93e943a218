package io.anteroom.edge.auth.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.anteroom.attack.Attack;
import io.anteroom.config.tls.Certificate;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.support.FreePorts;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.SmallInstance.Asked;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script in a student's page can do, in a real browser, when his teacher looks at that page. */
class NeighboursIT {
  private static final String SECRET = "correct horse";
  private static final String PAGE = "<!doctype html><title>a page</title><p id=here>here</p>";
  private static Browsers browsers;
  private static TestRedis redis;
  @TempDir
  private Path folder;
  private EdgeFixture house;
  private String hall;
  private Page page;

  @BeforeAll
  static void openBrowsers() {
    browsers = Browsers.open();
    redis = TestRedis.start();
  }

  @AfterAll
  static void closeBrowsers() {
    browsers.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.flush();
    page = browsers.trustingPage();
  }

  @AfterEach
  void close() {
    page.context().close();
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "host"})
  @Attack({22, 23})
  void aStudentsScriptHasNothingOfTheTeacherWhoLooks(String by) throws IOException {
    open(by);
    signIn("tina");
    look("dora");
    page.evaluate("localStorage.setItem('draft', 'hers')");
    String doras = origin();
    look("alice");

    assertThat(page.evaluate("localStorage.getItem('draft')")).as("of another student").isNull();
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
    for (String other : new String[] {hall, doras}) {
      for (String path : new String[] {"/api/v1/comfy/queue", "/u/dora/index.html", "/u/tina/index.html", "/"}) {
        assertThat(read(other + path)).as(other + path).isEqualTo("unreadable");
      }
    }
    assertThat(framed(doras + "/u/dora/index.html")).isEqualTo("unreadable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "host"})
  @Attack({20, 22})
  void aStudentsScriptDoesNothingInTheTeachersName(String by) throws IOException {
    open(by);
    signIn("tina");
    look("alice");

    for (String path : new String[] {"/u/alice/prompt", "/u/alice/api/settings", "/u/tina/prompt", "/signout",
      "/api/v1/comfy/queue/execute", "/u/dora/api/interrupt"}) {
      page.evaluate("address => fetch(address, {method: 'POST', body: '{}', mode: 'no-cors', credentials: 'include'})"
        + ".catch(refused => null)", hall + path);
    }
    page.evaluate("() => fetch('prompt', {method: 'POST', body: '{}'})");

    assertThat(house.comfy.asked()).extracting(Asked::method).containsOnly(HttpMethod.GET);
    page.navigate(hall + "/signin/door?owner=dora&state=x");
    assertThat(page.url()).as("still signed in").contains("/signin/enter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "host"})
  void whoSignsOutOnASharedComputerLeavesNothingBehind(String by) throws IOException {
    open(by);
    signIn("alice");
    look("alice");
    page.evaluate("localStorage.setItem('draft', 'hers')");
    String door = origin();

    page.navigate(hall + "/signout");
    page.check("[name=shared]");
    page.click("button");
    page.waitForURL(hall + "/signin");
    signIn("tina");
    page.navigate(hall + "/u/alice/index.html");
    page.waitForSelector("#here");

    assertThat(origin()).isEqualTo(door);
    assertThat(page.evaluate("localStorage.getItem('draft')")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "host"})
  @Attack(23)
  void cookiesThatAStudentsScriptLaysDownSignNobodyIn(String by) throws IOException {
    open(by);
    signIn("alice");
    page.navigate(hall + "/u/alice/index.html");
    page.waitForSelector("#here");

    page.evaluate("""
      () => ['anteroom', '__Host-anteroom', '__Secure-anteroom'].forEach(name => {
        document.cookie = name + '=tossed; path=/; domain=lab.localhost; secure';
        document.cookie = name + '=tossed; path=/u/; domain=lab.localhost';
        document.cookie = name + '=tossed; path=/';
      })""");
    page.navigate(hall + "/u/alice/index.html?after=tossing");

    assertThat(page.content()).doesNotContain("tossed");
    if (by.equals("host")) {
      assertThat(page.url()).as("hers still, since the browser took none of them").contains("?after=tossing");
    }
  }

  private void open(String by) throws IOException {
    int port = FreePorts.next();
    int doors = FreePorts.row(4);
    PasswordHash hash = PasswordHash.of(SECRET);
    Path file = Files.writeString(folder.resolve("passwords"), "alice:%s\ntina:%s\n".formatted(hash, hash));
    PasswordFile passwords = PasswordFile.read(file);
    Map<String, String> variables = new HashMap<>(Map.of("ANTEROOM_AUTH_MODE", "users",
      "ANTEROOM_USERS_PASSWORDS", file.toString(), "ANTEROOM_HTTP_PORT", Integer.toString(port),
      "ANTEROOM_ISOLATION_BY", by));
    if (by.equals("port")) {
      hall = "http://127.0.0.1:" + port;
      variables.put("ANTEROOM_ISOLATION_PORTS", doors + "-" + (doors + 3));
      house = new EdgeFixture(variables, vertx -> store(vertx, passwords));
    } else {
      hall = "https://lab.localhost:" + port;
      variables.put("ANTEROOM_HTTP_PUBLIC_URL", hall);
      TestAuthority authority = new TestAuthority("school-ca", folder);
      Issued issued = authority.issue("lab");
      Certificate certificate = new CertificateFiles(issued.chain(), issued.key()).read().certificate().orElseThrow();
      house = new EdgeFixture(variables, vertx -> store(vertx, passwords), authority, () -> Optional.of(certificate));
    }
    house.comfy.answers("/index.html", request -> request.response().putHeader("Content-Type", "text/html").end(PAGE));
  }

  private static AuthStores store(Vertx vertx, PasswordFile passwords) {
    return new AuthStores(redis.signIns(vertx), () -> passwords);
  }

  private void signIn(String user) {
    page.navigate(hall + "/signin");
    page.fill("[name=name]", user);
    page.fill("[name=password]", SECRET);
    page.click("form button");
    page.waitForURL(url -> !url.endsWith("/signin"));
  }

  private void look(String student) {
    page.navigate(hall + "/u/" + student + "/index.html");
    page.waitForSelector("#here");
    assertThat(origin()).isNotEqualTo(hall);
  }

  private String origin() {
    return (String) page.evaluate("location.origin");
  }

  private Object read(String address) {
    return page.evaluate("address => fetch(address, {credentials: 'include'}).then(answer => answer.text())"
      + ".then(text => 'read: ' + text, refused => 'unreadable')", address);
  }

  private Object framed(String address) {
    return page.evaluate("""
      address => new Promise(done => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
          try {
            done('read: ' + frame.contentWindow.document.body.textContent);
          } catch (refused) {
            done('unreadable');
          }
        };
        frame.src = address;
        document.body.append(frame);
      })""", address);
  }
}
