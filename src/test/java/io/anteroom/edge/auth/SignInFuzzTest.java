package io.anteroom.edge.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.auth.isolation.OriginScenarios;
import io.anteroom.edge.http.Responses;
import io.anteroom.fuzz.Fuzz;
import io.anteroom.support.LogLines;
import io.anteroom.support.client.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forms, errands, passes and cookies of any bytes, in the hall and at a door: nobody gets in, and nothing breaks. */
class SignInFuzzTest extends OriginScenarios {
  private static final List<String> SAID = List.of(
    "GET /signin?next=%2Fu%2Falice%2F HTTP/1.1\r\nHost: lab\r\nAccept: text/html\r\n\r\n",
    "GET /signin/door?owner=alice&state=abc HTTP/1.1\r\nHost: lab\r\nCookie: anteroom=abc\r\n\r\n",
    "GET /signin/enter?pass=abc&state=abc HTTP/1.1\r\nHost: lab\r\nCookie: anteroom_errand_door=abc\r\n\r\n",
    "GET /signin/leave?farewell=abc HTTP/1.1\r\nHost: lab:8201\r\n\r\n",
    "GET /u/alice/x HTTP/1.1\r\nHost: lab\r\nCookie: anteroom_%d=YWxpY2U.abc; anteroom=abc\r\n\r\n",
    "GET /api/v1/comfy/queue?user=alice HTTP/1.1\r\nHost: [::1]:1\r\nCookie: anteroom_%d=5byg5LiJ.x\r\n\r\n",
    "GET /u/alice/ HTTP/1.1\r\nHost: lab\r\nAccept: text/html\r\nX-Forwarded-Proto: https\r\n\r\n",
    form("/signin", "name=alice&password=x&next=%2F"), form("/signin/choose", "errand=abc&password=x&next="),
    form("/signout", "shared=1"));

  @Test
  void nobodyGetsInAndNothingBreaks() throws IOException {
    open(browserOf("alice"), "/u/alice/view?a=1");
    List<String> said = new ArrayList<>(SAID.stream().map(one -> one.replace("%d", "" + firstPort)).toList());
    String enter = entrance(browserOf("alice"), "alice").replaceFirst("^http://[^/]+", "");
    said.add("GET %s HTTP/1.1\r\nHost: lab\r\nCookie: anteroom_errand_door=abc\r\n\r\n".formatted(enter));
    LogLines complaints = new LogLines(Responses.class);
    int hall = house.settings.http().port();

    Fuzz.run("sign-ins", said, input -> {
      int port = input.length % 2 == 0 ? hall : firstPort;
      try (RawClient client = new RawClient(port)) {
        String answer = client.canSay(new String(input, ISO_8859_1)) ? client.ends().rest() : "";
        assertThat(answer).doesNotContain("HTTP/1.1 500 ").doesNotContainPattern("set-cookie: anteroom(_\\d+)?=[^;]");
      }
      assertThat(complaints.errors()).isEmpty();
    });

    complaints.close();
    nobodyIsSignedIn();
    assertThat(open(browserOf("alice"), "/u/alice/view?a=1").status()).isEqualTo(200);
  }

  private static String form(String address, String fields) {
    return ("POST %s HTTP/1.1\r\nHost: lab\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      + "Content-Length: %d\r\n\r\n%s").formatted(address, fields.length(), fields);
  }
}
