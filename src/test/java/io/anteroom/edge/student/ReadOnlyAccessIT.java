package io.anteroom.edge.student;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.edge.auth.isolation.OriginScenarios;
import io.anteroom.edge.session.Tab;
import io.anteroom.support.LogLines;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A teacher looks at the page of a student of his group, and changes nothing. */
class ReadOnlyAccessIT extends OriginScenarios {
  private static final Pattern WAY = Pattern.compile("<li><a href=\"([^\"]+)\"");

  @Test
  void whoLooksAtWhomStandsInTheAuditLog() {
    SmallBrowser tina = browserOf("tina");
    try (LogLines audit = new LogLines("audit")) {
      open(tina, "/u/alice/");

      assertThat(audit.all()).containsExactly("Views a page: user=tina role=teacher owner=alice address=127.0.0.1");
    }
  }

  @Test
  void aTeacherSeesHisStudentsPage() {
    SmallBrowser tina = browserOf("tina");

    Seen page = open(tina, "/u/alice/view?a=1");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("/view?a=1");
    assertThat(tina.get(door(page) + "/u/alice/_anteroom/config.json").body()).contains("\"only_looks\":true");
  }

  @Test
  void aTeacherBeginsOnTheFirstPageAndAStudentOnHisOwn() {
    assertThat(signsIn("tina").location()).isEqualTo("/");
    assertThat(signsIn("alice").location()).isEqualTo("/u/alice/");
  }

  @Test
  void whomATeacherFindsOnTheFirstPageHeSees() {
    SmallBrowser tina = browserOf("tina");
    Seen start = open(tina, "/");
    List<String> ways = WAY.matcher(start.body()).results().map(way -> way.group(1)).toList();

    assertThat(ways).contains("/u/alice/", "/u/dora/").doesNotContain("/u/tara/", "/u/tom/", "/u/carol/");
    Seen page = open(tina, ways.get(0));
    assertThat(page.status()).isEqualTo(200);
    assertThat(tina.get(door(page) + ways.get(0) + "_anteroom/config.json").body()).contains("\"only_looks\":true");
    assertThat(tina.getUntil(door(page) + "/", "nowhere").at()).as("the start, from the door").isEqualTo(start.at());
  }

  @Test
  @Attack(22)
  void nobodyElseDoes() {
    assertThat(open(browserOf("tom"), "/u/alice/view?a=1").body()).as("of another group").contains("not_yours");
    assertThat(open(browserOf("bob"), "/u/alice/view?a=1").body()).as("a student").contains("not_yours");
    assertThat(open(browserOf("tina"), "/u/tara/view?a=1").body()).as("at a colleague").contains("not_yours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "api/prompt", "queue", "api/interrupt", "upload/image", "api/settings", "free",
    "_anteroom/hello"})
  void whoLooksRunsAndChangesNothing(String path) {
    SmallBrowser tina = browserOf("tina");
    String door = door(open(tina, "/u/alice/view?a=1"));

    Seen answer = tina.post(door + "/u/alice/" + path, Map.of("a", "b"), door);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("only_looks", "alice");
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().contains(path));
  }

  /** Custom nodes change things on GET. */
  @ParameterizedTest
  @ValueSource(strings = {"manager/reboot", "api/manager/queue/start", "customnode/install", "v2/manager/queue/reset",
    "internal/logs", "api/userdata_x", "view/../manager/reboot", "x/assets/y", "api//manager/reboot", "history/clear",
    "jobs/x/cancel", "userdata/x/move/y", "lib/run", "reboot.js", "models/download", "ws"})
  void whoLooksAsksNothingThatMayChangeSomething(String path) {
    SmallBrowser tina = browserOf("tina");
    String door = door(open(tina, "/u/alice/view?a=1"));

    assertThat(tina.get(door + "/u/alice/" + path).status()).isBetween(400, 403);
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().contains(path));
  }

  @Test
  void whoLooksCancelsNothing() {
    SmallBrowser tina = browserOf("tina");
    String door = door(open(tina, "/u/alice/view?a=1"));
    String task = "/api/v1/comfy/queue/6f1c0a52-0000-4000-8000-000000000001";

    assertThat(tina.delete(door + task).body()).contains("only_looks");
    assertThat(tina.delete(house.origin() + task + "?user=alice").body()).contains("only_looks");
    assertThat(tina.delete(house.origin() + task + "?user=tom").body()).contains("not_yours");
  }

  @Test
  void whatWhoLooksSaysIsNotHeardByTheInstance() {
    SmallBrowser tina = browserOf("tina");
    Seen page = open(tina, "/u/dora/view?a=1");
    int sockets = house.comfy.sockets().size();
    StringBuffer heard = new StringBuffer();
    house.comfy.onSocket(socket -> socket.textMessageHandler(heard::append));

    Tab looking = house.tabAt(page.at().getPort(), "/u/dora/ws?clientId=doras", "Cookie", cookies(tina, door(page)));
    house.comfy.socket(sockets);
    String flags = heard.toString();
    done(looking.socket().writeTextMessage("{\"type\":\"feature_flags\",\"data\":{\"tinas\":1}}"));
    done(looking.socket().writeTextMessage("{\"type\":\"stop\"}"));
    for (int rounds = 0; rounds < 3; rounds++) {
      house.comfy.socket(sockets).writeTextMessage("{\"type\":\"round\",\"data\":{\"number\":" + rounds + "}}");
      int number = rounds + 1;
      until(() -> looking.told("round").size() == number);
    }

    assertThat(looking.sid()).doesNotStartWith("doras");
    assertThat(heard.toString()).isEqualTo(flags).doesNotContain("stop");
  }

  @Test
  void whoLooksOpensNoOtherSocket() {
    SmallBrowser tina = browserOf("tina");
    Seen page = open(tina, "/u/alice/view?a=1");

    assertThatThrownBy(() -> house.tabAt(page.at().getPort(), "/u/alice/custom", "Cookie", cookies(tina, door(page))))
      .isInstanceOf(UpgradeRejectedException.class);
  }

  /** Without an address to come back to. */
  private static Seen signsIn(String user) {
    return new SmallBrowser().post(house.origin() + "/signin", Map.of("name", user, "password", SECRET),
      house.origin());
  }
}
