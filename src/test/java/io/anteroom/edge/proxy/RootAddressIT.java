package io.anteroom.edge.proxy;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimNames;
import io.anteroom.attack.Attack;
import io.anteroom.bus.SubmissionServices;
import io.anteroom.bus.SubmissionServices.Submit;
import io.anteroom.bus.SubmissionServices.Submitted;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.edge.Reply;
import io.anteroom.edge.auth.isolation.OriginScenarios;
import io.anteroom.edge.auth.password.AuthStores;
import io.anteroom.edge.auth.password.PasswordFile;
import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.edge.session.Tab;
import io.anteroom.support.FreePorts;
import io.anteroom.support.Statuses;
import io.anteroom.support.client.Student;
import io.anteroom.support.redis.MemorySignInStore;
import io.anteroom.support.server.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At a student's own origin programs find the student's ComfyUI at the root, as at ComfyUI itself. */
class RootAddressIT extends OriginScenarios {
  @ParameterizedTest
  @CsvSource({
    "/view?a=1, /view?a=1",
    "/api/view?a=1, /api/view?a=1",
    "/u/alice/view?a=1, /view?a=1",
    "/api/v1/comfy/proxy/alice/view?a=1, /view?a=1",
  })
  void aProgramFindsItsUsersComfyUi(String asked, String atInstance) {
    Student.Answer answer = new Student("alice", SECRET).get(root("alice") + asked);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(atInstance);
  }

  @Test
  void aRunAtTheRootIsQueued() {
    List<Submit> submitted = new CopyOnWriteArrayList<>();
    house.bus.serve(SubmissionServices.SUBMIT, submit -> {
      submitted.add(submit);
      return Future.succeededFuture(new Submitted(Statuses.waiting("alice", 1)));
    });

    Student.Answer answer = new Student("alice", SECRET).post(root("alice") + "/prompt", "{\"prompt\":{}}");

    assertThat(answer.taskId()).isEqualTo(Statuses.ID.value());
    assertThat(submitted).extracting(Submit::user).containsExactly("alice");
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().contains("prompt"));
  }

  @Test
  void theSocketIsAtTheRoot() {
    int port = URI.create(root("alice")).getPort();
    int before = house.comfy.sockets().size();

    Tab tab = house.tabAt(port, "/ws?clientId=program", "Authorization", "Basic " + encoded("alice:" + SECRET));

    until(() -> house.comfy.sockets().size() == before + 1);
    assertThat(tab.socket().isClosed()).isFalse();
    assertThatThrownBy(() -> house.tabAt(port, "/ws?clientId=stranger")).isInstanceOf(UpgradeRejectedException.class);
  }

  /** A teacher's program too: at a student's address it would act with what the student's page has stored there. */
  @ParameterizedTest
  @CsvSource({"bob, 403, is at http", "tina, 403, is at http", "mallory, 401, not signed in"})
  @Attack(22)
  void anotherUsersAddressOpensNothing(String user, int status, String words) {
    Student other = new Student(user, SECRET);
    String alices = root("alice");

    for (String path : List.of("/view?others", "/u/alice/view?others", "/u/" + user + "/view?others")) {
      assertThat(other.get(alices + path).status()).as(path).isEqualTo(status);
      assertThat(other.get(alices + path).body()).contains(words);
    }

    assertThat(other.post(alices + "/prompt", "{}").status()).isEqualTo(status);
    assertThat(house.comfy.asked()).noneMatch(asked -> asked.uri().equals("/view?others"));
  }

  @Test
  void withoutCredentialsThereIsNothingAtTheRoot() {
    String alices = root("alice");

    assertThat(new Student("alice").get(alices + "/view?nobody").status()).isEqualTo(404);
    assertThat(new Student("alice").post(alices + "/prompt", "{}").status()).isEqualTo(404);
    assertThat(new Student("alice", SECRET).get(house.origin() + "/view?nobody").status()).as("hall").isEqualTo(404);
  }

  /** Browsers send a cookie to every port of a host, so that it must not open what the sign-in has not led to. */
  @Test
  @Attack(22)
  void aTokenCountsInTheHeaderAndNotAsACookie(@TempDir Path folder) throws IOException, InterruptedException {
    TokenIssuer school = TokenIssuer.ec("school");
    int first = FreePorts.row(1);
    String token = school.token(new JsonObject().put(JWTClaimNames.ISSUER, "school").put(JWTClaimNames.AUDIENCE, "lab")
      .put(JWTClaimNames.SUBJECT, "alice").put(JWTClaimNames.EXPIRATION_TIME, Instant.now().getEpochSecond() + 600));
    try (EdgeFixture lab = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "jwt", "ANTEROOM_JWT_ISSUER", "school",
      "ANTEROOM_JWT_AUDIENCE", "lab", "ANTEROOM_JWT_COOKIE", "school",
      "ANTEROOM_JWT_KEYS", Files.writeString(folder.resolve("keys"), school.jwks()).toString(),
      "ANTEROOM_ISOLATION_BY", "port", "ANTEROOM_ISOLATION_PORTS", first + "-" + first),
      vertx -> new AuthStores(new MemorySignInStore(Clock.systemUTC()), () -> {
        throw new IllegalStateException("nobody signs in by a password here");
      }))) {
      String address = "http://127.0.0.1:" + first + "/u/alice/view?token";

      assertThat(status(address, "Authorization", "Bearer " + token)).isEqualTo(200);
      assertThat(status(address.replace("/u/alice", ""), "Authorization", "Bearer " + token)).isEqualTo(200);
      assertThat(status(address, "Cookie", "school=" + token)).isEqualTo(401);
      assertThat(status(address, "Cookie", "school=" + token, "Authorization", "Basic " + encoded("a:b")))
        .isEqualTo(401);
      assertThat(status(lab.origin() + "/u/alice/view", "Cookie", "school=" + token)).as("in the hall").isEqualTo(307);
    }
  }

  @Test
  void withANameForEachStudentTheRootIsBelowThatName(@TempDir Path folder) throws IOException {
    Path passwords = Files.writeString(folder.resolve("passwords"), "alice:%s\n".formatted(PasswordHash.of(SECRET)));
    String basic = "Basic " + encoded("alice:" + SECRET);
    try (EdgeFixture lab = new EdgeFixture(Map.of("ANTEROOM_AUTH_MODE", "users",
      "ANTEROOM_USERS_PASSWORDS", passwords.toString(), "ANTEROOM_ISOLATION_BY", "host",
      "ANTEROOM_HTTP_PUBLIC_URL", "https://lab.example"),
      vertx -> new AuthStores(new MemorySignInStore(Clock.systemUTC()), () -> PasswordFile.read(passwords)))) {
      Reply own = lab.get("/view?named", "Host", "alice.lab.example", "Authorization", basic);

      assertThat(own.text()).isEqualTo("/view?named");
      assertThat(lab.get("/view", "Host", "bob.lab.example", "Authorization", basic).text())
        .contains("not_yours", "https://alice.lab.example");
      assertThat(lab.get("/view", "Host", "lab.example", "Authorization", basic).status()).isEqualTo(404);
    }
  }

  /** Where a program of this user finds ComfyUI: the hall tells. */
  private static String root(String user) {
    String page = new Student(user, SECRET).get(house.origin() + "/u/" + user + "/").location();
    assertThat(page).endsWith("/u/" + user + "/");
    return page.substring(0, page.length() - ("/u/" + user + "/").length());
  }

  private static int status(String address, String... headers) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).headers(headers).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
