package io.anteroom.frontend;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.edge.auth.password.PasswordHash;
import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.ledger.RunLedger.Run;
import io.anteroom.support.FreePorts;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.ClientProcess;
import io.anteroom.support.client.NodeClients;
import io.anteroom.support.client.PythonClients;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import io.anteroom.support.cluster.WholeNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The clients of ComfyUI that people use do through Anteroom what they do at ComfyUI, though the lab is full: at a
 * student's path, or, where they keep nothing of the path of an address or sign in, at a student's own origin.
 */
class PublicClientsIT {
  private static final String PASSWORD = "correct-horse";
  private static final String PNG = "89504e470d0a1a0a";
  private static final int PORTS = 4;

  @TempDir
  private static Path folder;
  private static Map<String, Site> sites;

  /** A lab with room for one run, in which nobody signs in, or each student has a port and a password. */
  private record Site(TestCluster lab, NodeProcess node, boolean signsIn) {
    private static Site start(TestCluster lab, boolean signsIn) {
      return new Site(lab, lab.with("COMFY_MAX_CONCURRENT", "1").node(), signsIn);
    }

    private Student student(String name) {
      return signsIn ? new Student(name, PASSWORD) : new Student(name);
    }

    /** Where this student's ComfyUI is for programs. */
    private ClientProcess.Place place(Student student) {
      String page = node.url() + "/u/" + student.name();
      if (!signsIn) {
        return ClientProcess.Place.open(page);
      }
      String own = student.get(page + "/").location();
      return new ClientProcess.Place(own.replaceFirst("/u/.*", ""), student.name(), PASSWORD);
    }

    private String queue(String below, Student student) {
      return node.url() + "/api/v1/comfy/queue" + below + "?user=" + student.name();
    }

    /** Whether a client listens: some open their socket only when they have sent their run. */
    private boolean hasSocket() {
      return new Student("the test").get(node.adminUrl() + "/metrics").body().lines()
        .anyMatch(line -> line.matches("anteroom_edge_sockets(\\{.*})? 1(\\.0)?"));
    }

    private List<Run> runs() {
      return lab.ledger().runsOn("comfy-1");
    }
  }

  @BeforeAll
  static void start() throws IOException {
    int first = FreePorts.row(PORTS);
    PasswordHash hash = PasswordHash.of(PASSWORD);
    Path passwords = Files.writeString(folder.resolve("passwords"), "s1:%s\ns2:%s\n".formatted(hash, hash));
    sites = Map.of("path", Site.start(TestCluster.of(2), false), "root", Site.start(TestCluster.of(2)
      .with("ANTEROOM_AUTH_MODE", "users").with("ANTEROOM_USERS_PASSWORDS", passwords.toString())
      .with("ANTEROOM_ISOLATION_BY", "port")
      .with("ANTEROOM_ISOLATION_PORTS", first + "-" + (first + PORTS - 1)), true));
    sites.values().forEach(site -> site.node().awaitReady());
  }

  @AfterAll
  static void stop() {
    sites.values().forEach(site -> site.lab().close());
  }

  @ParameterizedTest(name = "{0} at the {1}")
  @CsvSource({
    "comfy-api-simplified, root, quiet",
    "comfy-script, path, progress",
    "comfy-script, root, progress",
    "comfy-toolkit, path, progress",
    "saintno, path, progress",
    "saintno, root, progress",
    "stable-canvas, root, progress",
  })
  void clientWaitsItsTurnAndBelievesWhatHappened(String name, String where, String manner) {
    Site site = sites.get(where);
    Student alice = site.student("s1");
    Student bob = site.student("s2");
    List<Run> before = site.runs();
    String bobs = bob.post(site.queue("/execute", bob),
      new JsonObject().put("prompt", Workflows.lasting(500)).encode()).taskId();
    until(() -> site.lab().ledger().hasStarted(bobs));

    try (ClientProcess client = run(name, site.place(alice), "picture")) {
      until(() -> alice.get(site.queue("", alice)).json().getInteger("waiting") == 1);
      until(site::hasSocket);
      assertThat(site.runs()).as("alice's runs while bob has the only place").isEqualTo(before);
      assertThat(client.told("progress")).isEmpty();
      bob.cancel(site.node(), bobs);

      assertThat(client.awaitEnd()).as(client.said()::toString).isZero();
      assertThat(site.runs()).as("runs by now").hasSize(before.size() + 1);
      believesInItsOnly(site.runs().get(before.size()), client, site);
      assertThat(client.told("progress").contains("10/20")).as("tells progress").isEqualTo(manner.equals("progress"));
    }
  }

  @ParameterizedTest(name = "{0} at the {1}")
  @CsvSource({
    "comfy-api-simplified, root", "comfy-script, path", "comfy-toolkit, path", "saintno, path", "stable-canvas, root"
  })
  void clientIsToldThatItsRunFailed(String name, String where) {
    Site site = sites.get(where);
    List<Run> before = site.runs();

    try (ClientProcess client = run(name, site.place(site.student("s1")), "failure")) {
      assertThat(client.awaitEnd()).as(client.said()::toString).isEqualTo(1);
      assertThat(client.told("picture")).isEmpty();
      assertThat(site.runs()).as(client.said()::toString).hasSize(before.size() + 1);
      assertThat(site.runs().get(before.size()).outcome()).as(client.said()::toString).isEqualTo(Run.Outcome.ERROR);
    }
  }

  /** What is told of a run before its answer, such a client takes for another's, and waits for its own ever after. */
  @Test
  void nothingIsToldOfARunBeforeItsAnswer() {
    try (WholeNode node = WholeNode.start(ComfyVersion.V0_28_0);
        ClientProcess client = PythonClients.run("comfy-script-short-runs",
          ClientProcess.Place.open(node.page("alice").replaceFirst("/$", "")), "picture")) {
      assertThat(client.awaitEnd()).as(client.said()::toString).isZero();
      assertThat(client.told("picture")).hasSize(10).allSatisfy(line -> assertThat(line).contains("filename"));
    }
  }

  private static void believesInItsOnly(Run run, ClientProcess client, Site site) {
    assertThat(run.outcome()).isEqualTo(Run.Outcome.SUCCESS);
    assertThat(client.told("prompt")).isSubsetOf(run.promptId());
    assertThat(client.told("picture")).singleElement().asString().contains(picture(run, site)).endsWith(PNG);
    assertThat(site.lab().ledger().ranTwice()).isEmpty();
    assertThat(site.lab().ledger().mostAtOnce()).isEqualTo(1);
  }

  /** The name under which the instance has saved what the run has made. */
  private static String picture(Run run, Site site) {
    String history = site.lab().instance(0).url() + "/history/" + run.promptId();
    return new Student("the test").get(history).json().getJsonObject(run.promptId()).getJsonObject("outputs").stream()
      .map(output -> ((JsonObject) output.getValue()).getJsonArray("images"))
      .filter(images -> images != null)
      .map((JsonArray images) -> images.getJsonObject(0).getString("filename"))
      .reduce((one, other) -> other).orElseThrow();
  }

  private static ClientProcess run(String name, ClientProcess.Place place, String workflow) {
    return name.startsWith("comfy-") ? PythonClients.run(name, place, workflow)
      : NodeClients.run(name, place, workflow);
  }
}
