package io.anteroom.edge.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.EdgeFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard knows, and refuses, everybody's tasks: no student reaches it through Anteroom. */
class GuardPathsTest {
  private final EdgeFixture house = new EdgeFixture();

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/anteroom/guard", "/anteroom/guard/journal/11111111-2222-4333-8444-555555555555", "/api/anteroom/guard/fence",
    "/%61nteroom/guard/fence", "//anteroom//guard/fence", "/anteroom%2Fguard", "/api/anteroom/guard?x",
  })
  void whatIsTheGuardsNeverReachesTheInstance(String uri) {
    assertThat(house.get("/u/alice" + uri).error()).isEqualTo("unknown_path");
    assertThat(house.post("/u/alice" + uri, "{}").error()).isEqualTo("unknown_path");
    assertThat(house.post("/api/v1/comfy/proxy/alice" + uri, "{}").error()).isEqualTo("unknown_path");
    assertThat(house.comfy.asked()).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeItPasses() {
    assertThat(house.get("/u/alice/anteroom/other").status()).isEqualTo(200);
    assertThat(house.comfy.asked()).hasSize(1);
  }
}
