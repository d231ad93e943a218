package io.anteroom.comfy;

import static io.anteroom.support.Awaited.done;
import static io.anteroom.support.Awaited.until;
import static io.anteroom.support.Awaited.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.comfy.InstanceProbe.InstanceFacts;
import io.anteroom.comfy.RunState.Ended;
import io.anteroom.comfy.RunState.Ended.How;
import io.anteroom.comfy.objectinfo.ObjectInfoClient;
import io.anteroom.config.Settings.Instances;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.support.Workflows;
import io.anteroom.support.client.Python;
import io.anteroom.task.TaskId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guard keeps its contract, the real one on CPython and the simulator's alike, as Anteroom's client sees it. */
class GuardIT {
  private static final String SECRET = "the secret of this lab";

  private final Vertx vertx = Vertx.vertx();
  private final TaskId task = TaskId.random();
  @TempDir
  private Path folder;
  private GuardedComfy comfy;

  /** Whose guard is tried. */
  enum Made {
    SIMULATED, REAL
  }

  @AfterEach
  void close() {
    if (comfy != null) {
      comfy.close();
    }
    done(vertx.close());
  }

  @Test
  void itsOwnTestsPassOnCPython() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(Python.executable().toString(), "-m", "unittest", "discover",
      "--start-directory", "tests", "--top-level-directory", ".").directory(new File("src/guard")).inheritIO();
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");

    assertThat(builder.start().waitFor()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void eachAttemptRunsOnceAndNoneAfterALaterOne(Made made) {
    ComfyClient client = start(made, "", Optional.empty());

    assertThat(post(client, 2, 0)).isInstanceOf(PostResult.Accepted.class);

    assertThat(post(client, 2, 0)).isInstanceOfSatisfying(PostResult.Unknown.class,
      unknown -> assertThat(unknown.answered()).isTrue());
    assertThat(post(client, 1, 0)).isInstanceOf(PostResult.Unknown.class);
  }

  /** Whether it would be taken is asked without anything being started, and without hurting the run that follows. */
  @ParameterizedTest
  @EnumSource
  void aDryRunIsJudgedAndNeverQueued(Made made) {
    ComfyClient client = start(made, SECRET, Optional.of(SECRET));
    Duration timeout = Duration.ofSeconds(10);
    ObjectInfoClient asking = new ObjectInfoClient(vertx, timeout, TlsTrust.USUAL, timeout, Optional.of(SECRET));
    String refused = "{\"prompt\":{},\"prompt_id\":\"" + task + "\"}";

    assertThat(done(asking.judges(comfy.instance()))).isTrue();
    assertThat(done(asking.dryRun(comfy.instance(), task, refused)).orElseThrow().type())
      .isEqualTo("prompt_no_outputs");
    assertThat(done(asking.dryRun(comfy.instance(), task, request(1, Workflows.lasting(0))))).isEmpty();

    assertThat(where(client)).isInstanceOf(RunState.Absent.class);
    assertThat(post(client, 1, 0)).isInstanceOf(PostResult.Accepted.class);
  }

  @ParameterizedTest
  @EnumSource
  void aFencedAttemptIsKeptOutAlsoAfterACrash(Made made) {
    ComfyClient client = start(made, "", Optional.empty());

    done(client.fence(comfy.instance(), task, 2));
    comfy.crash();

    assertThat(post(client, 1, 0)).isInstanceOf(PostResult.Unknown.class);
    assertThat(where(client)).isInstanceOf(RunState.Absent.class);
    assertThat(post(client, 2, 0)).isInstanceOf(PostResult.Accepted.class);
  }

  @ParameterizedTest
  @EnumSource
  void whatEndedBeforeACrashIsRememberedAndNotRunAgain(Made made) {
    ComfyClient client = start(made, "", Optional.empty());
    post(client, 1, 0.05);
    until(() -> where(client) instanceof Ended);
    String outputs = ((Ended) where(client)).outputs();

    comfy.crash();

    assertThat(where(client))
      .isEqualTo(new Ended(How.SUCCESS, Optional.empty(), outputs));
    assertThat(outputs).isNotEqualTo("{}");
    assertThat(post(client, 2, 0)).isInstanceOf(PostResult.Unknown.class);
  }

  @ParameterizedTest
  @EnumSource
  void anErrorBeforeACrashIsRememberedWithItsReason(Made made) {
    ComfyClient client = start(made, "", Optional.empty());
    post(client, 1, Workflows.failing(0.05));
    until(() -> where(client) instanceof Ended);

    comfy.crash();

    assertThat(where(client)).isInstanceOfSatisfying(Ended.class, ended -> {
      assertThat(ended.how()).isEqualTo(How.ERROR);
      assertThat(ended.error().orElseThrow().message()).isNotBlank();
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatWasCutShortByACrashRunsAgain(Made made) {
    ComfyClient client = start(made, "", Optional.empty());
    post(client, 1, 60);
    until(() -> where(client) instanceof RunState.Running);

    comfy.crash();

    assertThat(where(client)).isInstanceOf(RunState.Absent.class);
    assertThat(post(client, 2, 0)).isInstanceOf(PostResult.Accepted.class);
  }

  @Attack(35)
  @ParameterizedTest
  @EnumSource
  void withASecretOnlyThoseWhoKnowItRunAnything(Made made) {
    ComfyClient knowing = start(made, SECRET, Optional.of(SECRET));

    assertThat(post(client(Optional.empty()), 1, 0)).isInstanceOfSatisfying(PostResult.Failed.class,
      rejected -> assertThat(rejected.error().type()).isEqualTo("not_through_anteroom"));
    assertThat(post(client(Optional.of("the secret of another")), 1, 0)).isInstanceOf(PostResult.Failed.class);
    assertThat(post(knowing, 1, 0)).isInstanceOf(PostResult.Accepted.class);
    until(() -> where(knowing) instanceof Ended);

    comfy.crash();
    assertThat(where(knowing)).isInstanceOf(Ended.class);
    assertThat(where(client(Optional.empty())))
      .isInstanceOf(RunState.Absent.class);
    untilAsserted(() -> done(knowing.fence(comfy.instance(), TaskId.random(), 3)));
  }

  @ParameterizedTest
  @EnumSource
  void aCheckupSeesTheGuardAndWhetherTheSecretsAgree(Made made) {
    start(made, SECRET, Optional.empty());

    assertThat(guard(Optional.of(SECRET))).isEqualTo(new InstanceFacts.Guard(true, true, true, true, true));
    assertThat(guard(Optional.of("the secret of another")).proofTaken()).isFalse();
    assertThat(guard(Optional.empty())).isEqualTo(new InstanceFacts.Guard(true, true, true, false, false));
  }

  private InstanceFacts.Guard guard(Optional<String> secret) {
    return done(new InstanceProbe(vertx, instances(secret)).probe(comfy.instance())).guard();
  }

  private ComfyClient start(Made made, String theirs, Optional<String> ours) {
    comfy = made == Made.REAL ? GuardedComfy.real(folder, theirs) : GuardedComfy.simulated(vertx, theirs);
    return client(ours);
  }

  private ComfyClient client(Optional<String> secret) {
    return new ComfyClient(vertx, instances(secret), Duration.ofSeconds(10));
  }

  private static Instances instances(Optional<String> secret) {
    return new Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10),
      Duration.ofMinutes(30), Duration.ofMinutes(5), 8, TlsTrust.USUAL, secret);
  }

  private PostResult post(ComfyClient client, int attempt, double seconds) {
    return post(client, attempt, Workflows.lasting(seconds));
  }

  private PostResult post(ComfyClient client, int attempt, JsonObject workflow) {
    return done(client.post(comfy.instance(), task, attempt, request(attempt, workflow)));
  }

  private String request(int attempt, JsonObject workflow) {
    PromptRequest body = PromptRequest.of(task, "tab", List.of("\"prompt\":" + workflow.encode()), List.of());
    return PromptRequest.complete(body.stored(), body.secrets(), attempt);
  }

  /** Asked again if need be: connections of before a crash may be met until their end was seen. */
  private RunState where(ComfyClient client) {
    AtomicReference<RunState> found = new AtomicReference<>();
    untilAsserted(() -> found.set(done(client.whereabouts(comfy.instance(), task))));
    return found.get();
  }
}
