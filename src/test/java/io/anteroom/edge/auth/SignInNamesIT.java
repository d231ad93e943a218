package io.anteroom.edge.auth;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.anteroom.directory.UserName;
import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.simulator.Simulator;
import io.anteroom.support.Workflows;
import io.anteroom.support.browser.Browsers;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.SmallPlatform;
import io.anteroom.support.server.SmallProvider;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names as sign-in systems really send them, by every way from the sign-in to a run: two nodes, a real Redis. */
class SignInNamesIT {
  private static final List<String> NAMES = List.of("a+b@school.example", "o'brien", "DOM\\user",
    "firstname.lastname@uni.edu", "S1234567", "李雷", "josé", "สมชาย", "user name", "CN=Bob,OU=Class 7,DC=school",
    "auth0|5f7c8ec7c33c6c004bbafe82", "https://idp/x#sub", "abcD/ef+g1A=", "a&b;c?d=[$1]", "-Vx_w",
    "bob_mail.com#EXT#@school.onmicrosoft.com", "x".repeat(255));
  private static final String SECRET = "correct horse";
  private static final Path FOLDER = TestRedis.freshDirectory().getParent();
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient HTTP = VERTX.createHttpClient();
  private static final SmallProvider PROVIDER = new SmallProvider(VERTX);
  private static final SmallPlatform PLATFORM = new SmallPlatform(VERTX);
  private static final TokenIssuer ISSUER = TokenIssuer.ec("school");
  private static TestCluster lab;
  private static NodeProcess open;
  private static NodeProcess guarded;
  private static String language = "en";

  /** A way to be somebody: the headers that the requests of this user have. */
  private enum Way {
    OPEN {
      @Override
      Map<String, String> headers(String name) {
        return Map.of();
      }
    },
    FORM {
      @Override
      Map<String, String> headers(String name) {
        SmallBrowser browser = browser();
        Seen seen = browser.post(guarded.url() + "/signin", Map.of("name", name, "password", SECRET), guarded.url());
        return cookie(browser, seen);
      }
    },
    BASIC {
      @Override
      Map<String, String> headers(String name) {
        return Map.of("Authorization", "Basic "
          + Base64.getEncoder().encodeToString((name + ":" + SECRET).getBytes(StandardCharsets.UTF_8)));
      }
    },
    HEADER {
      @Override
      Map<String, String> headers(String name) {
        return Map.of("X-Forwarded-User",
          new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
      }
    },
    JWT {
      @Override
      Map<String, String> headers(String name) {
        long now = Instant.now().getEpochSecond();
        return Map.of("Authorization", "Bearer " + ISSUER.token(new JsonObject().put("iss", "school")
          .put("aud", "anteroom").put("sub", name).put("iat", now).put("exp", now + 3600)));
      }
    },
    OIDC {
      @Override
      Map<String, String> headers(String name) {
        SmallBrowser browser = browser();
        Seen page = browser.getUntil(guarded.url() + "/signin/oidc", PROVIDER.issuer() + "/nowhere");
        Seen sent = browser.get("%s/entered?user=%s&of=%s".formatted(PROVIDER.issuer(), Pages.encoded(name),
          page.field("of")));
        return cookie(browser, browser.get(sent.location()));
      }
    },
    LTI {
      @Override
      Map<String, String> headers(String name) {
        SmallBrowser browser = browser();
        Seen form = browser.get(browser.get(PLATFORM.login(name)).location());
        return cookie(browser, browser.post(form.action().toString(), form.fields(), PLATFORM.issuer()));
      }
    };

    abstract Map<String, String> headers(String name);

    private static SmallBrowser browser() {
      SmallBrowser browser = new SmallBrowser();
      browser.cookies(guarded.url()).put("anteroom-lang", language);
      return browser;
    }

    private static Map<String, String> cookie(SmallBrowser browser, Seen seen) {
      assertThat(seen.status()).as(seen.body()).isEqualTo(303);
      return Map.of("Cookie", "anteroom=" + browser.cookies(guarded.url()).get("anteroom"));
    }

    boolean takes(String name) {
      return this != FORM && this != BASIC || PasswordFile.canHold(name);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    lab = TestCluster.of(Simulator.Options.of(1));
    Files.createDirectories(FOLDER);
    Files.writeString(FOLDER.resolve("users.csv"), "username,display_name,group,role,instance\n" + NAMES.stream()
      .map(name -> "\"%s\",,class,student,comfy-1\n".formatted(name)).collect(Collectors.joining()));
    PasswordHash hash = PasswordHash.of(SECRET);
    Files.writeString(FOLDER.resolve("passwords"), NAMES.stream().filter(PasswordFile::canHold)
      .map(name -> "%s:%s\n".formatted(UserName.folded(name), hash)).collect(Collectors.joining()));
    Files.writeString(FOLDER.resolve("keys.json"), ISSUER.jwks());
    lab.with("ANTEROOM_USERS_FILE", FOLDER.resolve("users.csv").toString())
      .with("ANTEROOM_TASK_POLL_INTERVAL", "100ms");
    open = lab.node();
    lab.with("ANTEROOM_AUTH_MODE", "users,header,jwt,oidc,lti")
      .with("ANTEROOM_USERS_PASSWORDS", FOLDER.resolve("passwords").toString())
      .with("ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1")
      .with("ANTEROOM_JWT_KEYS", FOLDER.resolve("keys.json").toString())
      .with("ANTEROOM_JWT_ISSUER", "school").with("ANTEROOM_JWT_AUDIENCE", "anteroom")
      .with("ANTEROOM_OIDC_ISSUER", PROVIDER.issuer()).with("ANTEROOM_OIDC_CLIENT_ID", SmallProvider.CLIENT)
      .with("ANTEROOM_LTI_ISSUER", PLATFORM.issuer()).with("ANTEROOM_LTI_CLIENT_ID", SmallPlatform.CLIENT)
      .with("ANTEROOM_LTI_DEPLOYMENTS", SmallPlatform.DEPLOYMENT)
      .with("ANTEROOM_LTI_LOGIN", PLATFORM.issuer() + "/auth").with("ANTEROOM_LTI_KEYS", PLATFORM.issuer() + "/keys");
    guarded = lab.node();
    PLATFORM.has(guarded.url());
    Stream.of(open, guarded).forEach(NodeProcess::awaitReady);
  }

  @AfterAll
  static void stop() {
    lab.close();
    PROVIDER.close();
    PLATFORM.close();
    done(VERTX.close());
  }

  @ParameterizedTest
  @EnumSource
  void whoHasSuchANameComesToARun(Way way) {
    for (String name : NAMES.stream().filter(way::takes).toList()) {
      NodeProcess node = way == Way.OPEN ? open : guarded;
      Map<String, String> headers = way.headers(name);
      String page = "/u/" + Pages.encoded(name) + "/";

      assertThat(ask(node, HttpMethod.GET, page, "", headers).status()).as(name).isEqualTo(200);
      assertThat(ask(node, HttpMethod.GET, page + "_anteroom/config.json", "", headers).json().getString("user"))
        .isEqualTo(name);
      Reply answer = ask(node, HttpMethod.POST, page + "api/prompt", run(), headers);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      String task = answer.json().getString("task_id");
      assertThat(ask(node, HttpMethod.GET, "/api/v1/comfy/queue?user=" + Pages.encoded(name), "", headers).text())
        .as(name).contains(task);
      until(() -> ask(node, HttpMethod.GET, "/api/v1/comfy/queue/status/" + task + "?user=" + Pages.encoded(name), "",
        headers).json().getString("status").equals("completed"));
    }
  }

  private static String run() {
    return new JsonObject().put("prompt", Workflows.lasting(0.01)).encode();
  }

  /** All spellings of one name are one user, in the address too. */
  @ParameterizedTest
  @EnumSource(names = {"HEADER", "JWT", "OIDC", "LTI", "FORM"})
  void anotherSpellingIsTheSameUser(Way way) {
    for (String name : List.of("JOSÉ", "ｓ１２３４５６７", "jose\u0301", "dom\\USER", "Auth0|5F7C8EC7C33C6C004BBAFE82")) {
      if (way.takes(name)) {
        assertThat(ask(guarded, HttpMethod.GET, "/u/" + Pages.encoded(name) + "/", "", way.headers(name)).status())
          .as(name).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADER", "JWT", "OIDC", "LTI"})
  void whatCannotBeANameIsToldWithItsSourceAndLoggedOnce(Way way) throws IOException {
    List<String> refused = Stream.of("no%name", "/../b", "<b>", "a\"b", "zero\u200Bwidth", "\u212Aevin", "a  b",
      "y".repeat(256)).map(name -> way.name().toLowerCase(Locale.ROOT) + name).toList();
    String source = way == Way.HEADER ? "header X-Forwarded-User" : "claim sub of the token";
    for (String name : refused) {
      long before = logged(source, name);
      language = "en";
      assertThat(refusal(way, name)).as(name).contains("the " + source + " says");
      language = "zh";
      assertThat(refusal(way, name)).as(name).contains("无法在此使用");
      assertThat(logged(source, name) - before).as(name).isEqualTo(1);
    }
  }

  /** How often the log says that this name was refused; nodes of the same name before this one wrote there too. */
  private static long logged(String source, String name) throws IOException {
    String text = "the name cannot be used: source=\"%s\" name='%s'".formatted(source, UserName.shown(name));
    return Files.readAllLines(guarded.log()).stream().filter(line -> line.contains(text)).count();
  }

  /** What the page's own scripts make of a name in their address. */
  @Test
  void thePagesScriptKnowsItsUserAndRunsForThem() {
    try (Browsers browsers = Browsers.open()) {
      Page page = browsers.page("en-US");
      for (String name : NAMES.subList(0, NAMES.size() - 1)) {
        page.navigate(open.url() + "/u/" + Pages.encoded(name) + "/");
        page.waitForFunction("() => window[Symbol.for('anteroom')]?.config.user");
        assertThat(page.evaluate("() => window[Symbol.for('anteroom')].user")).isEqualTo(name);
        Object status = page.evaluate("""
          body => fetch('api/prompt', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: body})
            .then(answer => answer.status)""", run());
        assertThat(status).as(name).isEqualTo(200);
      }
      page.context().close();
    }
  }

  private static String refusal(Way way, String name) {
    if (way == Way.HEADER || way == Way.JWT) {
      Reply reply = ask(guarded, HttpMethod.GET, "/u/x/", "", way.headers(name));
      assertThat(reply.status()).isEqualTo(way == Way.HEADER ? 401 : 403);
      return reply.text();
    }
    try {
      way.headers(name);
      throw new IllegalStateException(name + " was let in");
    } catch (AssertionError refused) {
      return refused.getMessage();
    }
  }

  private static Reply ask(NodeProcess node, HttpMethod method, String uri, String body, Map<String, String> headers) {
    URI at = URI.create(node.url());
    return done(HTTP.request(new RequestOptions().setMethod(method).setHost(at.getHost()).setPort(at.getPort())
      .setURI(uri)).compose(request -> {
        headers.forEach((header, value) -> request.headers().add(header, value));
        if (!body.isEmpty()) {
          request.putHeader("Content-Type", "application/json");
        }
        Future<Reply> reply = Reply.to(request);
        return request.end(Buffer.buffer(body)).compose(sent -> reply);
      }));
  }
}
