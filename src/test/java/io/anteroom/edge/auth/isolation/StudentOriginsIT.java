package io.anteroom.edge.auth.isolation;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.Reply;
import io.anteroom.support.browser.SmallBrowser;
import io.anteroom.support.browser.SmallBrowser.Seen;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each student's page is at an origin of its own, and what opens one opens no other. */
class StudentOriginsIT extends OriginScenarios {
  @Test
  void whoIsSignedInComesToHisOwnDoor() {
    SmallBrowser alice = browserOf("alice");
    SmallBrowser bob = browserOf("bob");

    Seen hers = open(alice, "/u/alice/view?a=1");
    Seen his = open(bob, "/api/v1/comfy/proxy/bob/_anteroom/config.json");

    assertThat(hers.status()).isEqualTo(200);
    assertThat(hers.body()).isEqualTo("/view?a=1");
    assertThat(hers.at().getPort()).isBetween(firstPort, firstPort + DOORS - 1);
    assertThat(his.body()).contains("\"user\":\"bob\"");
    assertThat(his.at().getPort()).isNotEqualTo(hers.at().getPort()).isBetween(firstPort, firstPort + DOORS - 1);
    assertThat(open(browserOf("alice"), "/u/alice/view?a=1").at()).isEqualTo(hers.at());
  }

  @Test
  void whoOpensADoorWithoutBeingSignedInSignsInAndComesBack() {
    String door = door(open(browserOf("alice"), "/u/alice/view?a=1"));
    SmallBrowser browser = new SmallBrowser();

    Seen page = browser.getUntil(door + "/u/alice/view?a=2", "nowhere");
    assertThat(page.at().getPath()).isEqualTo("/signin");
    Seen signedIn = browser.post(house.origin() + "/signin",
      Map.of("name", "alice", "password", SECRET, "next", page.field("next")), house.origin());

    assertThat(browser.getUntil(signedIn.next().toString(), "nowhere").at().toString())
      .isEqualTo(door + "/u/alice/view?a=2");
  }

  @Test
  void nothingOfAStudentsPageIsInTheHall() {
    SmallBrowser alice = browserOf("alice");
    String cookie = cookies(alice, house.origin());

    Reply run = house.post("/u/alice/prompt", "{}", "Cookie", cookie);
    house.get("/u/alice/view?in-the-hall", "Cookie", cookie);

    assertThat(run.status()).isEqualTo(421);
    assertThat(run.error()).isEqualTo("wrong_address");
    assertThat(run.text()).contains("127.0.0.1:");
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().equals("/view?in-the-hall"));
  }

  @Test
  void aDoorHasNothingButItsStudentsPage() {
    String door = door(open(browserOf("alice"), "/u/alice/view?a=1"));

    assertThat(new SmallBrowser().get(door + "/").location()).isEqualTo(house.origin() + "/");
    assertThat(new SmallBrowser().get(door + "/signin").location()).isEqualTo(house.origin() + "/signin");
    assertThat(new SmallBrowser().get(door + "/signout").location()).isEqualTo(house.origin() + "/signout");
  }

  @Test
  @Attack(22)
  void whatOpensOneDoorOpensNoOther() {
    SmallBrowser alice = browserOf("alice");
    String hers = door(open(alice, "/u/alice/view?a=1"));
    SmallBrowser bob = browserOf("bob");
    String his = door(open(bob, "/u/bob/_anteroom/config.json"));
    String value = alice.cookies(hers).values().stream().filter(one -> one.contains(".")).findFirst().orElseThrow();

    SmallBrowser mallory = new SmallBrowser();
    mallory.cookies(his).put("anteroom_" + his.replaceFirst(".*:", ""), value);
    mallory.cookies(his).putAll(alice.cookies(hers));
    mallory.cookies(his).putAll(alice.cookies(house.origin()));
    mallory.cookies(house.origin()).putAll(alice.cookies(hers));

    assertThat(mallory.ask(his + "/u/alice/view?a=1").status()).isEqualTo(401);
    assertThat(mallory.ask(his + "/u/bob/view?a=1").status()).isBetween(401, 403);
    assertThat(mallory.ask(house.origin() + "/api/v1/comfy/queue").status()).isEqualTo(401);
    assertThat(alice.ask(hers + "/u/bob/view?a=1").body()).contains("not_yours");
    assertThat(alice.ask(hers + "/api/v1/comfy/queue?user=bob").body()).contains("not_yours");
    assertThat(alice.ask(hers + "/u/alice/view?a=1").status()).isEqualTo(200);
  }

  /** The cookie says whose page it opens, and its token proves that too. */
  @Test
  @Attack(22)
  void aCookieThatNamesSomebodyElseOpensNothing() {
    SmallBrowser alice = browserOf("alice");
    String door = door(open(alice, "/u/alice/view?a=1"));
    String bob = Base64.getUrlEncoder().withoutPadding().encodeToString("bob".getBytes(StandardCharsets.UTF_8));

    alice.cookies(door).replaceAll((name, value) -> value.replaceFirst("^[^.]+\\.", bob + "."));

    assertThat(alice.ask(door + "/u/bob/view?a=1").status()).isEqualTo(401);
    assertThat(alice.ask(door + "/api/v1/comfy/queue").status()).isEqualTo(401);
  }

  @Test
  @Attack(25)
  void aPassForOneDoorOpensNoOther() {
    SmallBrowser tina = browserOf("tina");
    String enterAlices = entrance(tina, "alice");
    String bobs = door(open(browserOf("bob"), "/u/bob/_anteroom/config.json"));
    tina.cookies(bobs).putAll(tina.cookies(enterAlices));

    Seen entered = tina.get(bobs + enterAlices.replaceFirst("^http://[^/]+", ""));

    assertThat(entered.body()).contains("not begun in this browser");
    assertThat(entered.setCookies()).isEmpty();
  }

  @Test
  @Attack(25)
  void aPassCountsOnceAndOnlyInTheBrowserThatWentForIt() {
    SmallBrowser alice = browserOf("alice");
    String enter = entrance(alice, "alice");

    assertThat(new SmallBrowser().get(enter).body()).contains("not begun in this browser");
    assertThat(alice.get(enter).status()).isEqualTo(303);
    assertThat(alice.get(enter).body()).as("it was brought before").contains("not begun in this browser");
  }

  @Test
  @Attack(25)
  void nobodyEntersWithSomebodyElsesPass() {
    String foreign = entrance(browserOf("tina"), "alice");
    SmallBrowser alice = browserOf("alice");
    String own = entrance(alice, "alice");

    String mixed = own.replaceFirst("pass=[^&]+", foreign.replaceFirst(".*(pass=[^&]+).*", "$1"));

    assertThat(alice.get(mixed).setCookies()).isEmpty();
  }

  @Test
  void whoSignsOutInTheHallIsShownOutOfHisDoor() {
    SmallBrowser alice = browserOf("alice");
    String door = door(open(alice, "/u/alice/view?a=1"));

    alice.post(house.origin() + "/signout", Map.of(), house.origin());

    until(() -> alice.ask(door + "/u/alice/view?a=1").status() == 401);
  }

  /** The hall remembers a sign-in for some seconds; what it opens in these must not outlive them. */
  @Test
  @Attack(9)
  void whoIsSignedOutElsewhereOpensNoDoorAnyMore() {
    SmallBrowser alice = browserOf("alice");
    assertThat(alice.ask(house.origin() + "/api/v1/comfy/queue").status()).as("signed in").isEqualTo(503);
    String token = alice.cookies(house.origin()).get("anteroom");

    done(signIns.close("edge", token));
    open(alice, "/u/alice/view?signed-out");

    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().equals("/view?signed-out"));
  }

  @Test
  void whoIsSignedOutOnHisWayReadsSoAtTheDoor() {
    SmallBrowser alice = browserOf("alice");
    String enter = entrance(alice, "alice");

    done(signIns.close("edge", alice.cookies(house.origin()).get("anteroom")));
    Seen seen = alice.get(enter);

    assertThat(seen.status()).isEqualTo(401);
    assertThat(seen.location()).isNull();
    assertThat(seen.body()).contains("sign_in_needed", "href=\"/\"");
  }

  @Test
  @Attack(20)
  void aLinkThatSomebodyLaidOutDeletesNothing() {
    SmallBrowser alice = browserOf("alice");
    String door = door(open(alice, "/u/alice/view?a=1"));

    Seen left = alice.get(door + "/signin/leave?farewell=guessed");

    assertThat(left.location()).isEqualTo(house.origin() + "/signin");
    assertThat(left.setCookies()).isEmpty();
    assertThat(alice.ask(door + "/u/alice/view?a=1").status()).isEqualTo(200);
  }

  @Test
  @Attack(20)
  void aPageBehindAnotherDoorActsAsLittleAsAPageElsewhere() {
    SmallBrowser alice = browserOf("alice");
    String door = door(open(alice, "/u/alice/view?a=1"));
    String other = "http://127.0.0.1:" + (firstPort + DOORS - 1);

    assertThat(alice.post(door + "/u/alice/api/settings", Map.of(), other).body()).contains("foreign_origin");
    assertThat(alice.post(door + "/u/alice/api/settings", Map.of(), house.origin()).body()).contains("foreign_origin");
    assertThat(alice.post(house.origin() + "/signout", Map.of(), door).body()).contains("foreign_origin");
    assertThat(alice.post(door + "/u/alice/api/settings", Map.of(), door).status()).isEqualTo(200);
  }

  @Test
  void moreStudentsThanPortsAreToldSo() {
    for (String user : new String[] {"bobby", "carol", "张三", "somebody"}) {
      assertThat(done(signIns.assignPort(user, DOORS))).isPresent();
    }

    Seen seen = open(browserOf("alice"), "/u/alice/view?a=1");

    assertThat(seen.status()).isEqualTo(503);
    assertThat(seen.body()).contains("isolation.ports", "alice");
  }
}
