package io.anteroom.edge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.config.Settings.Front;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.net.CidrRange;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose pages may act where a proxy ends TLS; attack 14 is to be taken for such a proxy. */
class BehindAProxyTest {
  private static final String PUBLIC = "https://comfy.school.example";
  private static final String TAKEN_FOR_OURS = "unknown_user";

  private EdgeFixture house;

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  @Attack(14)
  void anybodysWordOnTheSchemeIsNotBelieved() {
    house = new EdgeFixture(Front.NOTHING);

    assertThat(act(house.origin().replace("http:", "https:"), "X-Forwarded-Proto", "https"))
      .isEqualTo("foreign_origin");
    assertThat(act(house.origin(), "X-Forwarded-Proto", "https")).isEqualTo(TAKEN_FOR_OURS);
  }

  @Test
  void aListedProxysWordIs() {
    house = new EdgeFixture(new Front(Optional.empty(), List.of(CidrRange.of("127.0.0.1").orElseThrow())));

    assertThat(act(house.origin().replace("http:", "https:"), "X-Forwarded-Proto", "https"))
      .isEqualTo(TAKEN_FOR_OURS);
    assertThat(act(house.origin(), "X-Forwarded-Proto", "https")).isEqualTo("foreign_origin");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodysWordOnTheHostIsBelieved(boolean proxyIsListed) {
    house = new EdgeFixture(new Front(Optional.empty(),
      proxyIsListed ? List.of(CidrRange.of("127.0.0.1").orElseThrow()) : List.of()));

    assertThat(act("http://evil.example", "X-Forwarded-Host", "evil.example")).isEqualTo("foreign_origin");
    assertThat(act("http://evil.example", "Forwarded", "host=evil.example")).isEqualTo("foreign_origin");
  }

  @Test
  void onlyPagesOfThePublicAddressMayAct() {
    house = new EdgeFixture(new Front(Optional.of(URI.create(PUBLIC)), List.of()));

    assertThat(act(PUBLIC)).isEqualTo(TAKEN_FOR_OURS);
    assertThat(act(house.origin())).isEqualTo("foreign_origin");
    assertThat(act("http://comfy.school.example")).isEqualTo("foreign_origin");
    assertThat(act(PUBLIC + ".evil.example")).isEqualTo("foreign_origin");
    assertThat(act(PUBLIC + ":8443")).isEqualTo("foreign_origin");
  }

  @ParameterizedTest
  @CsvSource({"X-Forwarded-Host, evil.example", "X-Forwarded-Proto, gopher", "X-Forwarded-Port, 6666",
    "X-Forwarded-Prefix, //evil.example", "Forwarded, host=evil.example;proto=gopher"})
  void redirectsStayAtTheAddressThatTheBrowserSees(String header, String value) {
    house = new EdgeFixture(new Front(Optional.empty(), List.of(CidrRange.of("127.0.0.1").orElseThrow())));

    assertThat(house.get("/u/alice", header, value).header("Location")).isEqualTo("/u/alice/");
    assertThat(house.get("/scripts/app.js", header, value, "Referer", house.origin() + "/u/alice/").header("Location"))
      .isEqualTo("/u/alice/scripts/app.js");
  }

  /** The error of what changes something, asked for by a page of this origin for somebody whom nobody knows. */
  private String act(String origin, String... headers) {
    String[] all = List.of(List.of("Origin", origin), List.of(headers)).stream().flatMap(List::stream)
      .toArray(String[]::new);
    return house.post("/api/v1/comfy/queue/execute?user=nobody", "{}", all).error();
  }
}
