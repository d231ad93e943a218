package io.anteroom.edge.student;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.support.FreePorts;
import io.anteroom.support.redis.SharedSignInStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /} in a lab whose proxy says who asks. */
class HomePageTest {
  private static final String USER = "X-Forwarded-User";
  private static final EdgeFixture ONE_ORIGIN = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "header",
    "ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1"), SharedSignInStore::unasked);
  private static final EdgeFixture DOORS = withDoors();

  private static EdgeFixture withDoors() {
    int first = FreePorts.row(2);
    return new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "header", "ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1",
      "ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", first + "-" + (first + 1)),
      SharedSignInStore::unasked);
  }

  @AfterAll
  static void close() {
    ONE_ORIGIN.close();
    DOORS.close();
  }

  @Test
  void whoIsNotSignedInIsLedToTheSignInAndBack() {
    Reply led = DOORS.get("/?part=2", "Accept", "text/html");

    assertThat(led.status()).isEqualTo(303);
    assertThat(led.header("Location")).isEqualTo("/signin?next=%2F%3Fpart%3D2");
    assertThat(DOORS.get("/").error()).isEqualTo("sign_in_needed");
  }

  @Test
  void aStudentIsLedToHisOwnPage() {
    for (EdgeFixture house : new EdgeFixture[] {ONE_ORIGIN, DOORS}) {
      Reply led = house.get("/", "Accept", "text/html", USER, "alice");

      assertThat(led.status()).isEqualTo(303);
      assertThat(led.header("Location")).isEqualTo("/u/alice/");
      assertThat(led.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void aTeacherChoosesAmongHisStudents() {
    Reply page = DOORS.get("/", "Accept", "text/html", USER, "tina");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("TINA", "href=\"/u/alice/\">ALICE</a>", "class (5)", "no ComfyUI of your own")
      .doesNotContain("/u/carol/", "/u/tara/", "/u/tom/");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(DOORS.get("/", USER, "tom").text()).contains("There are no pages that you may view")
      .doesNotContain("alice");
  }

  @Test
  void whereAllPagesHaveOneOriginNobodyIsNamed() {
    assertThat(ONE_ORIGIN.get("/", USER, "tina").text()).contains("isolation.by").doesNotContain("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?part=", "/?part=x", "/?part=-1", "/?part=99999999999", "/?part=%", "/?%zz&part=1",
    "/?part=1&part=2", "/?x=<script>"})
  void aPartThatThereIsNotIsTheNearestOne(String address) {
    Reply page = DOORS.get(address, USER, "tina");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("ALICE").doesNotContain("<script");
  }

  @Test
  void whomTheLabDoesNotKnowReadsSo() {
    Reply page = DOORS.get("/", "Accept", "text/html", USER, "mallory");

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.text()).contains("not_in_the_lab", "mallory");
  }

  @Test
  void whoChangesSomethingAtTheRootGetsNoPage() {
    assertThat(DOORS.ask(HttpMethod.POST, "/", Buffer.buffer("{}"), USER, "tina").error()).isEqualTo("unknown_path");
  }
}
