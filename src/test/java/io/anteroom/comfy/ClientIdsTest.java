package io.anteroom.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 8 and 18: whose a client id is, whatever a browser wishes for. */
class ClientIdsTest {
  @Test
  void theSameWishIsTheSameIdAgainAndAgain() {
    String once = ClientIds.of("alice", "tab");

    assertThat(once).matches("tab\\.a[0-9a-f]{8}").isEqualTo(ClientIds.of("alice", "tab"));
    assertThat(ClientIds.of("alice", once)).isEqualTo(once);
  }

  @Test
  void nobodyGetsAnothersIdAndNoIdGrows() {
    String id = ClientIds.of("alice", "tab");

    for (String user : new String[] {"bob", "carol", "alice", "bob"}) {
      String next = ClientIds.of(user, id);
      assertThat(next).hasSameSizeAs(id);
      assertThat(next.equals(ClientIds.of("alice", "tab"))).isEqualTo(user.equals("alice"));
      id = next;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a00000000", "a\u0000b", "\ud800", ".a00000000.a11111111"})
  void aWishThatIsNoneGetsANewIdEachTime(String wish) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      ids.add(ClientIds.of("alice", wish));
    }

    assertThat(ids).hasSize(10).allMatch(id -> id.matches("[0-9a-f]{32}\\.a[0-9a-f]{8}"));
  }

  @Test
  void aLongWishIsCutWhereNoLetterBreaks() {
    String wish = "x" + "😀".repeat(99);

    String id = ClientIds.of("alice", wish);

    assertThat(id).hasSizeLessThanOrEqualTo(ClientIds.MAX_LENGTH);
    assertThat(ClientIds.isSound(id)).isTrue();
    assertThat(ClientIds.of("alice", id)).isEqualTo(id);
    assertThat(ClientIds.of("alice", "y".repeat(5_000))).hasSize(42);
  }
}
