package io.anteroom.doctor;

import io.anteroom.comfy.InstanceProbe.InstanceFacts;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Device;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Guard;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.ObjectInfo;
import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.directory.Instance;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.net.Loopback;
import io.anteroom.queue.TaskQueue.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what was probed at an instance into findings. */
final class InstanceCheck {
  private static final ProgramVersion HONOURS_PROMPT_ID = ProgramVersion.of(ComfyProtocol.HONOURS_PROMPT_ID);
  private static final String FIREWALL = "on the instance, admit only Anteroom's machines: "
    + "ufw allow proto tcp from ANTEROOM to any port %d && ufw deny %d/tcp; or give its guard a secret";
  private static final ProgramVersion INTERRUPTS_BY_ID = new ProgramVersion(0, 3, 57);

  /** About as long as a page may wait without feedback. */
  private static final Duration SLOW_OBJECT_INFO = Duration.ofSeconds(1);

  private final String subject;
  private final InstanceFacts facts;

  private InstanceCheck(Instance instance, InstanceFacts facts) {
    this.subject = instance.name();
    this.facts = facts;
  }

  static Stream<Finding> of(Instance instance, InstanceFacts facts) {
    InstanceCheck check = new InstanceCheck(instance, facts);
    Stream<Finding> always = Stream.of(check.reached(instance), check.devices(), check.promptId(),
      check.queue(), check.origin(), check.page(), check.objectInfo(), check.direct(instance));
    return Stream.of(always, check.switches(), check.guard(Loopback.is(instance.url().getHost())))
      .flatMap(Function.identity());
  }

  /** The finding for an instance that did not answer, or not as ComfyUI does. */
  static Finding unreachable(Instance instance, Throwable cause) {
    String name = instance.name();
    String why = cause.getMessage();
    return switch (NotComfyUi.of(cause).what()) {
      case SILENT -> Finding.wrong(name, "%s is not reachable: %s".formatted(instance.url(), why),
        "start ComfyUI there, with --listen if it is another machine; check address and firewall");
      case UNTRUSTED -> Finding.wrong(name, "%s has a certificate that is not trusted: %s"
        .formatted(instance.url(), why),
        "set instance.tls.ca (ANTEROOM_INSTANCE_TLS_CA) to the certificate of its authority; the host "
          + "must be one of the names in it");
      case FOREIGN -> Finding.wrong(name, "%s answers, but is not a ComfyUI (%s)"
        .formatted(instance.url(), why.replaceFirst("^\\S+ answered ", "")),
        why.contains(" leads to ")
          ? "a sign-in page or a redirect is in front of it: let Anteroom's machines pass, or put the URL behind "
            + "it into instances.csv"
          : "correct url in instances.csv: is ComfyUI at another port or path, or behind a proxy?");
    };
  }

  /** Its circuit state in the queue. */
  static Finding circuit(Condition condition, Instant now) {
    String name = condition.instance();
    String why = condition.outage().map(outage -> " since %s: %s".formatted(
      outage.since().map(Object::toString).orElse("its start"), outage.english(now))).orElse("");
    return switch (condition.state()) {
      case "up" -> Finding.ok(name, "circuit up: it gets tasks, %d now".formatted(condition.running()));
      case "trial" -> Finding.ok(name, "circuit trial%s; a successful run closes it".formatted(why));
      case "ill" -> Finding.warning(name, "circuit ill%s; %d tasks in a row failed there".formatted(why,
        condition.faults()), "see its own log; it is retried with one task automatically (instance.max_backoff)");
      case "draining" -> Finding.ok(name, "was removed from the list of instances; %d tasks still run there"
        .formatted(condition.running()));
      case "fenced" -> Finding.warning(name, "circuit fenced%s".formatted(why),
        "wait until it is idle, or restart ComfyUI there");
      default -> Finding.warning(name, "circuit down%s".formatted(why), "it gets tasks again once it answers");
    };
  }

  private Finding reached(Instance instance) {
    String version = facts.version().isEmpty() ? "of unknown version" : facts.version();
    return Finding.ok(subject, "%s answers in %d ms: ComfyUI %s"
      .formatted(instance.url(), facts.took().toMillis(), version));
  }

  private Finding devices() {
    String devices = facts.devices().stream().map(InstanceCheck::shown).collect(Collectors.joining(", "));
    if (facts.devices().isEmpty()) {
      return Finding.warning(subject, "it reports no device", "check in its own log whether it found the GPU");
    }
    return facts.devices().stream().allMatch(device -> device.type().equals("cpu"))
      ? Finding.warning(subject, "computes on the CPU only: " + devices,
        "expect minutes for a picture; if it has a GPU, check the driver, and its command line for --cpu")
      : Finding.ok(subject, "computes on " + devices);
  }

  private static String shown(Device device) {
    return device.vram() > 0 ? "%s (%.1f GB)".formatted(device.name(), device.vram() / (double) (1L << 30))
      : device.name();
  }

  /** Every ComfyUI refuses an empty workflow, so probing with one runs nothing. */
  private Finding promptId() {
    if (facts.version().isEmpty()) {
      return Finding.warning(subject, "does not report its version, so it may ignore our prompt_id",
        "use ComfyUI %s or newer".formatted(HONOURS_PROMPT_ID));
    }
    ProgramVersion version = ProgramVersion.of(facts.version());
    if (version.isBefore(HONOURS_PROMPT_ID)) {
      return Finding.wrong(subject, "ComfyUI %s ignores our prompt_id: tasks cannot be followed".formatted(version),
        "update it to %s or newer".formatted(HONOURS_PROMPT_ID));
    }
    if (facts.refusal().status() != 400) {
      return Finding.wrong(subject, "POST /prompt with an empty workflow answers %d, not 400"
        .formatted(facts.refusal().status()), "check for a proxy between Anteroom and this ComfyUI");
    }
    return version.isBefore(INTERRUPTS_BY_ID)
      ? Finding.warning(subject, "ComfyUI %s cannot stop a single task, only whatever runs".formatted(version),
        "update it to %s or newer if students also use it directly".formatted(INTERRUPTS_BY_ID))
      : Finding.ok(subject, "accepts our prompt_id, refuses an empty workflow (%s)".formatted(facts.refusal().type()));
  }

  private Finding queue() {
    return facts.queueReadable() ? Finding.ok(subject, "its queue can be read")
      : Finding.wrong(subject, "GET /queue does not answer as ComfyUI does",
        "check for a proxy between Anteroom and this ComfyUI");
  }

  private Finding origin() {
    return Finding.ok(subject, facts.refusesForeignOrigin()
      ? "refuses cross-origin requests (403); Anteroom checks the origin itself and does not forward it"
      : "does not check Origin; Anteroom does");
  }

  private Finding objectInfo() {
    ObjectInfo info = facts.objectInfo();
    String remedy = "remove unused custom nodes, and keep its model folders on a local disk: it lists them each time";
    if (!info.whole()) {
      return Finding.warning(subject, "does not list its nodes (/object_info) within %d s".formatted(
        info.took().toSeconds()), remedy);
    }
    String cost = "%d ms (/object_info, %.1f MB)".formatted(info.took().toMillis(), info.bytes() / (double) (1 << 20));
    return info.took().compareTo(SLOW_OBJECT_INFO) < 0 ? Finding.ok(subject, "lists its nodes in " + cost)
      : Finding.warning(subject, "takes %s to list its nodes, and blocks every other request meanwhile".formatted(cost),
        remedy);
  }

  private Stream<Finding> switches() {
    Stream<Finding> assets = !facts.switches().assets() ? Stream.of() : Stream.of(Finding.ok(subject,
      "runs with --enable-assets: its assets have no owner, so Anteroom refuses them if several students share it"));
    Stream<Finding> users = !facts.switches().multiUser() ? Stream.of() : Stream.of(Finding.warning(subject,
      "runs with --multi-user: it wants a user of its own, which Anteroom does not send, so settings and workflows "
        + "cannot be saved", "remove --multi-user from its command line; to separate students, give each an instance"));
    return Stream.concat(assets, users);
  }

  /** On loopback students cannot reach the instance, so a missing guard is not reported. */
  private Stream<Finding> guard(boolean loopback) {
    return !facts.guard().there() && !facts.guard().proofGiven() && loopback ? Stream.of()
      : Stream.of(guardFinding(loopback));
  }

  private Finding guardFinding(boolean loopback) {
    Guard guard = facts.guard();
    if (!guard.there()) {
      return guard.proofGiven()
        ? Finding.warning(subject, "instance.guard_secret is set, but it has no guard" + (loopback
          ? " to check it" : ": anyone who reaches it directly can bypass the queue"),
          "copy anteroom_guard into its custom_nodes and set ANTEROOM_GUARD_SECRET there")
        : Finding.ok(subject, "has no guard, which is optional: a late request of a frozen node can run twice, and a "
          + "task that ended just before a restart of ComfyUI runs again");
    }
    if (!guard.proofTaken()) {
      return Finding.wrong(subject, "its guard refuses Anteroom's runs: " + (guard.proofGiven()
        ? "the secrets differ" : "it has a secret, Anteroom has none"),
        "set instance.guard_secret (ANTEROOM_INSTANCE_GUARD_SECRET) to its ANTEROOM_GUARD_SECRET");
    }
    if (guard.proofGiven() && !guard.wantsProof()) {
      return Finding.warning(subject, "its guard has no secret: anyone who reaches it directly can bypass the queue",
        "set ANTEROOM_GUARD_SECRET there to the value of instance.guard_secret");
    }
    return guard.journalKept() ? Finding.ok(subject, "its guard is active" + (guard.wantsProof()
      ? " and accepts only Anteroom's runs" : "; without a secret it accepts runs from anyone"))
      : Finding.warning(subject, "its guard cannot write its journal: tasks that ended just before a restart run again",
        "see its own log; is the disk full, or ANTEROOM_GUARD_DIR not writable?");
  }

  /** What Anteroom reaches, other hosts of the network reach too, unless a firewall or the guard stops them. */
  private Finding direct(Instance instance) {
    String host = instance.url().getHost();
    if (Loopback.is(host)) {
      return Finding.ok(subject, "listens on loopback, where students cannot bypass the queue");
    }
    return facts.guard().wantsProof()
      ? Finding.ok(subject, "can be reached at %s:%d, but runs nothing without Anteroom's proof"
        .formatted(host, instance.port()))
      : Finding.warning(subject, "anyone who reaches %s:%d directly bypasses the queue, and sees all students' pictures"
        .formatted(host, instance.port()), FIREWALL.formatted(instance.port(), instance.port()));
  }

  private Finding page() {
    List<String> html = List.of("text/html", "application/xhtml+xml");
    boolean injectable = facts.page().status() == 200 && html.contains(facts.page().mediaType())
      && facts.page().hasHead();
    return injectable ? Finding.ok(subject, "the script can be injected into its page")
      : Finding.warning(subject, "the script cannot be injected into its page: status %d, %s, %s".formatted(
        facts.page().status(), facts.page().mediaType().isEmpty() ? "no content type" : facts.page().mediaType(),
        facts.page().hasHead() ? "with a head" : "no head"),
        "runs are queued anyway, but students see no widget; is the front end installed?");
  }
}
