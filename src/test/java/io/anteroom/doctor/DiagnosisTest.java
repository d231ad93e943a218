package io.anteroom.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.comfy.InstanceProbe.InstanceFacts;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Device;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Guard;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.ObjectInfo;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Page;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Refused;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Switches;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.doctor.Report.Finding.Level;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.redis.RedisProbe.RedisFacts;
import io.anteroom.task.InstanceOutage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private static final Instance PC = new Instance("pc", URI.create("http://127.0.0.1:8188"), "pc", 1);
  private static final Device GPU = new Device("cuda:0 NVIDIA RTX 4090", "cuda", 24L << 30);
  private static final Guard NO_GUARD = new Guard(false, false, false, false, true);
  private static final Page PAGE = new Page(200, "text/html", true);
  private static final Instance REMOTE = new Instance("pc", URI.create("http://10.0.0.7:8188"), "pc", 1);
  private static final Switches NO_SWITCHES = new Switches(false, false);
  private static final ObjectInfo QUICK = new ObjectInfo(Duration.ofMillis(90), 3 << 20, true);

  @Test
  void healthyInstanceHasNothingButGoodFindings() {
    assertThat(of(facts("0.28.0", GPU, 400, PAGE))).extracting(Finding::level).containsOnly(Level.OK);
    assertThat(of(facts("0.28.0", GPU, 400, PAGE))).extracting(Finding::text)
      .contains("computes on cuda:0 NVIDIA RTX 4090 (24.0 GB)",
        "http://127.0.0.1:8188 answers in 5 ms: ComfyUI 0.28.0");
  }

  @ParameterizedTest
  @CsvSource({"0.3.44, WRONG",
    "0.3.45, WARNING", "0.3.56, WARNING", "0.3.57, OK", "v0.10, OK", "'', WARNING", "?, WRONG"})
  void versionDecidesWhetherPromptIdIsHonoured(String version, Level level) {
    assertThat(of(facts(version, GPU, 400, PAGE))).extracting(Finding::level).contains(level);
    assertThat(of(facts(version, GPU, 400, PAGE))).filteredOn(finding -> finding.level() != Level.OK)
      .hasSize(level == Level.OK ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"1024, OK, may have 100 MB", "256, WARNING, 'may have 64 MB, not 100 MB'"})
  void theBodyLimitInForceIsTheSmallerOne(long megabytes, Level level, String text) {
    Settings settings = ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_DATA_MIN_FREE", "1MB")).settings();

    List<Finding> findings = new BoundsCheck(settings, megabytes << 20).findings();

    assertThat(findings.get(0).level()).isEqualTo(level);
    assertThat(findings.get(0).text()).contains(text, "http.body_limit");
    assertThat(findings.get(1).text()).contains("2 runs", "20 changes", "200 MB", "1024 MB");
    assertThat(findings).hasSize(2);
  }

  @Test
  void aDiskThatFillsIsWarnedOfWhereItIsOurs() {
    Map<String, String> low = Map.of("ANTEROOM_DATA_MIN_FREE", "100000GB");
    Map<String, String> others = Map.of("ANTEROOM_DATA_MIN_FREE", "100000GB", "ANTEROOM_REDIS_URL", "redis://db");

    assertThat(new BoundsCheck(ConfigLoader.load(Optional.empty(), low).settings(), 1L << 30).findings())
      .filteredOn(finding -> finding.level() == Level.WARNING).singleElement()
      .satisfies(finding -> assertThat(finding.text()).contains("data.min_free"));
    assertThat(new BoundsCheck(ConfigLoader.load(Optional.empty(), others).settings(), 1L << 30).findings())
      .extracting(Finding::level).containsOnly(Level.OK);
  }

  @ParameterizedTest
  @CsvSource({"redis://db, '', WARNING", "redis://:pw@db, '', OK", "redis://db?password=pw, '', OK",
    "redis://db, 0123456789abcdef, OK"})
  void aRedisWithoutASecretIsWarnedOf(String url, String secret, Level level) {
    Settings.Redis redis = ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_REDIS_URL", url,
      "ANTEROOM_REDIS_ENCRYPTION_SECRET", secret)).settings().redis();

    assertThat(RedisCheck.encryption(redis).level()).isEqualTo(level);
  }

  @Test
  void instanceThatTakesAnEmptyWorkflowIsNoComfyUi() {
    assertThat(of(facts("0.28.0", GPU, 200, PAGE))).extracting(Finding::text)
      .contains("POST /prompt with an empty workflow answers 200, not 400");
  }

  @Test
  void instanceWithoutGpuIsWarnedOf() {
    assertThat(of(facts("0.28.0", new Device("cpu", "cpu", 8L << 30), 400, PAGE))).extracting(Finding::text)
      .contains("computes on the CPU only: cpu (8.0 GB)");
  }

  @ParameterizedTest
  @CsvSource({"404, text/html, true", "200, application/json, true", "200, text/html, false", "0, '', false"})
  void pageWithoutPlaceForTheScriptIsWarnedOf(int status, String mediaType, boolean hasHead) {
    assertThat(of(facts("0.28.0", GPU, 400, new Page(status, mediaType, hasHead))))
      .filteredOn(finding -> finding.level() == Level.WARNING).singleElement()
      .extracting(Finding::remedy).asString().startsWith("runs are queued anyway");
  }

  @ParameterizedTest
  @CsvSource({
    "proofTaken, OK, has no guard",
    "proofTaken proofGiven, WARNING, but it has no guard",
    "there journalKept proofTaken, OK, without a secret it accepts runs from anyone",
    "there journalKept wantsProof proofGiven proofTaken, OK, accepts only Anteroom's runs",
    "there journalKept wantsProof, WRONG, Anteroom has none",
    "there journalKept wantsProof proofGiven, WRONG, the secrets differ",
    "there journalKept proofGiven proofTaken, WARNING, its guard has no secret",
    "there wantsProof proofGiven proofTaken, WARNING, cannot write its journal"})
  void whatTheGuardDoesOrItsAbsenceMeansIsSaid(String is, Level level, String text) {
    Guard guard = new Guard(is.contains("there"), is.contains("journalKept"), is.contains("wantsProof"),
      is.contains("proofGiven"), is.contains("proofTaken"));

    assertThat(InstanceCheck.of(REMOTE, facts("0.28.0", GPU, 400, PAGE, guard)))
      .filteredOn(finding -> finding.text().contains("guard")).singleElement().satisfies(finding -> {
        assertThat(finding.text()).contains(text);
        assertThat(finding.level()).isEqualTo(level);
      });
  }

  /** On loopback a firewall and a guard are for nobody: the one finding would take back the other. */
  @ParameterizedTest
  @CsvSource({"http://127.0.0.1:8188, false, ''", "http://127.0.0.1:8188, true, but it has no guard to check it",
    "http://10.0.0.7:8188, false, has no guard", "http://10.0.0.7:8188, true, can bypass the queue"})
  void aMissingGuardIsNotHeldAgainstAnInstanceOnLoopback(String url, boolean secret, String text) {
    Guard guard = new Guard(false, false, false, secret, true);
    Instance instance = new Instance("pc", URI.create(url), "pc", 1);

    List<String> texts = InstanceCheck.of(instance, facts("0.28.0", GPU, 400, PAGE, guard)).map(Finding::text)
      .filter(one -> one.contains("guard")).toList();

    assertThat(texts).hasSize(text.isEmpty() ? 0 : 1).allMatch(one -> one.contains(text));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, OK, ''", "true, false, OK, runs with --enable-assets",
    "false, true, WARNING, runs with --multi-user"})
  void whatTheCommandLineMeansForStudentsIsSaid(boolean assets, boolean multiUser, Level level, String text) {
    List<Finding> findings = of(facts(NO_GUARD, new Switches(assets, multiUser), QUICK)).stream()
      .filter(finding -> finding.text().contains("runs with --")).toList();

    assertThat(findings).hasSize(text.isEmpty() ? 0 : 1)
      .allMatch(finding -> finding.text().startsWith(text) && finding.level() == level);
  }

  @ParameterizedTest
  @CsvSource({"560, 1677721, true, OK, 'lists its nodes in 560 ms (/object_info, 1.6 MB)'",
    "1000, 1048576, true, WARNING, 'takes 1000 ms (/object_info, 1.0 MB) to list its nodes'",
    "10000, 0, false, WARNING, 'does not list its nodes (/object_info) within 10 s'"})
  void whatTheListOfNodesCostsIsSaid(long millis, long bytes, boolean whole, Level level, String text) {
    assertThat(of(facts(NO_GUARD, NO_SWITCHES, new ObjectInfo(Duration.ofMillis(millis), bytes, whole))))
      .filteredOn(finding -> finding.text().contains("/object_info")).singleElement().satisfies(finding -> {
        assertThat(finding.text()).startsWith(text);
        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.remedy().isEmpty()).isEqualTo(level == Level.OK);
      });
  }

  /** Whoever reaches an instance himself has passed the queue by: a firewall or the guard's secret must stop him. */
  @Attack(35)
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8188, false, OK, on loopback", "http://localhost:8188, false, OK, on loopback",
    "'http://[::1]:8188', false, OK, on loopback", "http://10.0.0.7:8188, false, WARNING, bypasses the queue",
    "http://127.0.0.1.lab:8188, false, WARNING, bypasses the queue",
    "https://pc.lab, false, WARNING, reaches pc.lab:443",
    "http://10.0.0.7:8188, true, OK, runs nothing without"})
  void anInstanceThatStudentsReachThemselvesIsWarnedOfWithTheLinesForItsFirewall(String url, boolean proof, Level level,
      String text) {
    Guard guard = new Guard(proof, true, proof, proof, true);
    Instance instance = new Instance("pc", URI.create(url), "pc", 1);

    Finding finding = InstanceCheck.of(instance, facts("0.28.0", GPU, 400, PAGE, guard))
      .filter(one -> one.text().contains(text)).findFirst().orElseThrow();

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.remedy().contains("ufw allow proto tcp from ANTEROOM to any port " + instance.port()))
      .isEqualTo(level == Level.WARNING);
  }

  @ParameterizedTest
  @CsvSource({
    "6.2.20, yes, always, noeviction, 0",
    "6.2.20, yes, everysec, noeviction, 1",
    "6.2.20, no, always, noeviction, 1",
    "6.2.20, yes, always, allkeys-lru, 1",
    "5.0.14, no, everysec, volatile-ttl, 3",
    "6.2.20, '', '', '', 2",
    "6.2.11, yes, always, noeviction, 1",
    "7.0.15, yes, always, noeviction, 1",
    "7.2.10, yes, always, noeviction, 1",
    "7.2.11, yes, always, noeviction, 0",
    "8.0.3, yes, always, noeviction, 1",
    "8.1.4, yes, always, noeviction, 0",
    "8.2.1, yes, always, noeviction, 1",
    "8.4.0, yes, always, noeviction, 0",
    "9.0.1, yes, always, noeviction, 0",
    "'', '', '', '', 3"})
  void redisThatCouldLoseTasksOrHasHolesIsWarnedOf(
      String version, String appendonly, String appendfsync, String policy, int warnings) {
    List<Finding> findings =
      RedisCheck.of("redis://db", new RedisFacts(version, appendonly, appendfsync, policy, "1"));

    assertThat(findings).hasSize(3).filteredOn(finding -> finding.level() == Level.WARNING).hasSize(warnings);
    assertThat(findings).filteredOn(finding -> finding.level() == Level.WARNING)
      .allMatch(finding -> !finding.remedy().isEmpty());
  }

  @Test
  void redisWithoutStreamsIsRefused() {
    assertThat(RedisCheck.of("redis://db", new RedisFacts("4.0.9", "yes", "always", "noeviction", "")))
      .first().extracting(Finding::level).isEqualTo(Level.WRONG);
  }

  @Test
  void dataOfANewerAnteroomAreWrongAndSaidWithTheirFormat() {
    assertThat(RedisCheck.of("redis://db", new RedisFacts("6.2.11", "yes", "always", "noeviction", "4")))
      .filteredOn(finding -> finding.level() == Level.WRONG).singleElement()
      .satisfies(finding -> assertThat(finding.text()).contains("format 4"));
  }

  private static List<Finding> of(InstanceFacts facts) {
    return InstanceCheck.of(PC, facts).toList();
  }

  private static InstanceFacts facts(String version, Device device, int refusal, Page page) {
    return facts(version, device, refusal, page, NO_GUARD);
  }

  private static InstanceFacts facts(Guard guard, Switches switches, ObjectInfo objectInfo) {
    return new InstanceFacts(Duration.ofMillis(5), "0.28.0", List.of(GPU), true, true,
      new Refused(400, "prompt_no_outputs"), PAGE, guard, switches, objectInfo);
  }

  private static InstanceFacts facts(String version, Device device, int refusal, Page page, Guard guard) {
    return new InstanceFacts(Duration.ofMillis(5), version, List.of(device), true, true,
      new Refused(refusal, "prompt_no_outputs"), page, guard, NO_SWITCHES, QUICK);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "up;;OK;circuit up: it gets tasks, 1 now",
    "trial;trial|pc|1000|||;OK;circuit trial since 1970-01-01T00:00:01Z: the instance pc is back since 20 s",
    "ill;failing|pc|1000|61000|500;WARNING;(500); next try in 40 s; 3 tasks in a row failed there",
    "down;silent|pc|1000||;WARNING;circuit down since 1970-01-01T00:00:01Z: the instance pc does not answer",
    "fenced;stubborn|pc|1000||;WARNING;circuit fenced since 1970-01-01T00:00:01Z: the instance pc would not stop"})
  void theCircuitIsNamedWithItsTimes(String state, String reason, Finding.Level level, String text) {
    Condition condition = new Condition("pc", state, InstanceOutage.parse(reason == null ? "" : reason), 3, 1);

    Finding finding = InstanceCheck.circuit(condition, Instant.ofEpochMilli(21_000));

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.text()).contains(text);
  }
}
