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

/** Judges what an instance showed of itself. */
final class InstanceCheck {
  private static final ProgramVersion HONOURS_PROMPT_ID = ProgramVersion.of(ComfyProtocol.HONOURS_PROMPT_ID);
  private static final String FIREWALL = "let only Anteroom's machines in, on the instance: "
    + "ufw allow proto tcp from ANTEROOM to any port %d && ufw deny %d/tcp; or give its guard a secret as well";
  private static final ProgramVersion INTERRUPTS_BY_ID = new ProgramVersion(0, 3, 57);

  /** About what a page waits for without a word. */
  private static final Duration SLOW_OBJECT_INFO = Duration.ofSeconds(1);

  private final String subject;
  private final InstanceFacts facts;

  private InstanceCheck(Instance instance, InstanceFacts facts) {
    this.subject = instance.name();
    this.facts = facts;
  }

  static Stream<Finding> of(Instance instance, InstanceFacts facts) {
    InstanceCheck diagnosis = new InstanceCheck(instance, facts);
    Stream<Finding> always = Stream.of(diagnosis.reached(instance), diagnosis.devices(), diagnosis.promptId(),
      diagnosis.queue(), diagnosis.origin(), diagnosis.page(), diagnosis.objectInfo(), diagnosis.direct(instance));
    return Stream.of(always, diagnosis.switches(), diagnosis.guard(Loopback.is(instance.url().getHost())))
      .flatMap(Function.identity());
  }

  /** What to say of one that did not answer, or not as ComfyUI does. */
  static Finding unreachable(Instance instance, Throwable cause) {
    String name = instance.name();
    String why = cause.getMessage();
    return switch (NotComfyUi.of(cause).what()) {
      case SILENT -> Finding.wrong(name, "%s is not reachable: %s".formatted(instance.url(), why),
        "start ComfyUI there, with --listen when it is another machine; check address and firewall");
      case UNTRUSTED -> Finding.wrong(name, "%s shows a certificate that is not trusted: %s"
        .formatted(instance.url(), why),
        "set instance.tls.ca (ANTEROOM_INSTANCE_TLS_CA) to the certificate of its authority; the address "
          + "must be a name in it");
      case FOREIGN -> Finding.wrong(name, "%s answers, but is no ComfyUI (%s)"
        .formatted(instance.url(), why.replaceFirst("^\\S+ answered ", "")),
        why.contains(" leads to ")
          ? "a sign-in page or a redirect stands before it: let Anteroom's machines pass, or give the address behind "
            + "it in instances.csv"
          : "correct url in instances.csv: is ComfyUI at another port or path, or a proxy before it?");
    };
  }

  /** How the queue treats it at present. */
  static Finding circuit(Condition condition, Instant now) {
    String name = condition.instance();
    String why = condition.outage().map(outage -> " since %s: %s".formatted(
      outage.since().map(Object::toString).orElse("its start"), outage.english(now))).orElse("");
    return switch (condition.state()) {
      case "up" -> Finding.ok(name, "circuit up: it gets tasks, %d of them now".formatted(condition.running()));
      case "trial" -> Finding.ok(name, "circuit trial%s; a run that ends well closes it".formatted(why));
      case "ill" -> Finding.warning(name, "circuit ill%s; %d tasks in a row came to harm there".formatted(why,
        condition.faults()), "look at its own log; it is tried with one task by itself (instance.max_backoff)");
      case "draining" -> Finding.ok(name, "has left the list of instances; %d tasks still end there"
        .formatted(condition.running()));
      case "fenced" -> Finding.warning(name, "circuit fenced%s".formatted(why),
        "wait until it is seen idle, or restart ComfyUI there");
      default -> Finding.warning(name, "circuit down%s".formatted(why), "it gets tasks again with its first answer");
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
      return Finding.warning(subject, "it names no device", "look at its own log whether it found the GPU");
    }
    return facts.devices().stream().allMatch(device -> device.type().equals("cpu"))
      ? Finding.warning(subject, "computes on the CPU alone: " + devices,
        "expect minutes for a picture; if it has a GPU, look at its driver and for --cpu on its command line")
      : Finding.ok(subject, "computes on " + devices);
  }

  private static String shown(Device device) {
    return device.vram() > 0 ? "%s (%.1f GB)".formatted(device.name(), device.vram() / (double) (1L << 30))
      : device.name();
  }

  /** A workflow of nothing is refused by every ComfyUI, and so runs nowhere. */
  private Finding promptId() {
    if (facts.version().isEmpty()) {
      return Finding.warning(subject, "does not say its version, so it may ignore our prompt_id",
        "take ComfyUI %s or newer".formatted(HONOURS_PROMPT_ID));
    }
    ProgramVersion version = ProgramVersion.of(facts.version());
    if (version.isBefore(HONOURS_PROMPT_ID)) {
      return Finding.wrong(subject, "ComfyUI %s ignores our prompt_id: tasks cannot be followed".formatted(version),
        "update it to %s or newer".formatted(HONOURS_PROMPT_ID));
    }
    if (facts.refusal().status() != 400) {
      return Finding.wrong(subject, "POST /prompt with an empty workflow answers %d, not 400"
        .formatted(facts.refusal().status()), "look whether something stands between Anteroom and this ComfyUI");
    }
    return version.isBefore(INTERRUPTS_BY_ID)
      ? Finding.warning(subject, "ComfyUI %s stops whatever runs when one task is to be stopped".formatted(version),
        "update it to %s or newer where students also use it directly".formatted(INTERRUPTS_BY_ID))
      : Finding.ok(subject, "takes our prompt_id, refuses an empty workflow (%s)".formatted(facts.refusal().type()));
  }

  private Finding queue() {
    return facts.queueReadable() ? Finding.ok(subject, "its queue can be read")
      : Finding.wrong(subject, "GET /queue does not answer as ComfyUI does",
        "look whether something stands between Anteroom and this ComfyUI");
  }

  private Finding origin() {
    return Finding.ok(subject, facts.refusesForeignOrigin()
      ? "refuses pages of other addresses (403); Anteroom checks that itself and does not pass Origin on"
      : "does not look at Origin; Anteroom does");
  }

  private Finding objectInfo() {
    ObjectInfo info = facts.objectInfo();
    String remedy = "remove custom nodes that are not used, and keep its model folders on a local disk: it lists them "
      + "each time";
    if (!info.whole()) {
      return Finding.warning(subject, "does not list its nodes (/object_info) within %d s".formatted(
        info.took().toSeconds()), remedy);
    }
    String cost = "%d ms (/object_info, %.1f MB)".formatted(info.took().toMillis(), info.bytes() / (double) (1 << 20));
    return info.took().compareTo(SLOW_OBJECT_INFO) < 0 ? Finding.ok(subject, "lists its nodes in " + cost)
      : Finding.warning(subject, "takes %s to list its nodes, and stands still for everybody meanwhile".formatted(cost),
        remedy);
  }

  private Stream<Finding> switches() {
    Stream<Finding> assets = !facts.switches().assets() ? Stream.of() : Stream.of(Finding.ok(subject,
      "runs with --enable-assets: its assets have no owner, so Anteroom refuses them where several students share it"));
    Stream<Finding> users = !facts.switches().multiUser() ? Stream.of() : Stream.of(Finding.warning(subject,
      "runs with --multi-user: it asks for a user of its own, whom Anteroom does not name, so settings and workflows "
        + "cannot be saved", "take --multi-user off its command line; to keep students apart, give each an instance"));
    return Stream.concat(assets, users);
  }

  /** On loopback a guard keeps no student away, so that its absence there is nothing to be told. */
  private Stream<Finding> guard(boolean loopback) {
    return !facts.guard().there() && !facts.guard().proofGiven() && loopback ? Stream.of()
      : Stream.of(guardFinding(loopback));
  }

  private Finding guardFinding(boolean loopback) {
    Guard guard = facts.guard();
    if (!guard.there()) {
      return guard.proofGiven()
        ? Finding.warning(subject, "instance.guard_secret is set, but it has no guard" + (loopback
          ? " to ask for it" : ": whoever reaches it directly runs past the queue"),
          "copy anteroom_guard into its custom_nodes and set ANTEROOM_GUARD_SECRET there")
        : Finding.ok(subject, "has no guard, which is optional: what a frozen node sends late can run twice, and what "
          + "ended just before ComfyUI restarts runs again");
    }
    if (!guard.proofTaken()) {
      return Finding.wrong(subject, "its guard refuses Anteroom's runs: " + (guard.proofGiven()
        ? "the secrets differ" : "it has a secret, Anteroom has none"),
        "set instance.guard_secret (ANTEROOM_INSTANCE_GUARD_SECRET) to its ANTEROOM_GUARD_SECRET");
    }
    if (guard.proofGiven() && !guard.wantsProof()) {
      return Finding.warning(subject, "its guard has no secret: whoever reaches it directly runs past the queue",
        "set ANTEROOM_GUARD_SECRET there to what instance.guard_secret is");
    }
    return guard.journalKept() ? Finding.ok(subject, "its guard is on" + (guard.wantsProof()
      ? " and takes Anteroom's runs alone" : "; without a secret it takes everybody's runs"))
      : Finding.warning(subject, "its guard cannot write its journal: what ended just before a restart runs again",
        "look at its own log; is its disk full, or ANTEROOM_GUARD_DIR not writable?");
  }

  /** Reached by us is reached by whoever is in the same network, unless a firewall or its guard keeps him out. */
  private Finding direct(Instance instance) {
    String host = instance.url().getHost();
    if (Loopback.is(host)) {
      return Finding.ok(subject, "listens on loopback, where students cannot pass the queue by");
    }
    return facts.guard().wantsProof()
      ? Finding.ok(subject, "can be reached at %s:%d, but runs nothing without Anteroom's proof"
        .formatted(host, instance.port()))
      : Finding.warning(subject, "whoever reaches %s:%d himself passes the queue by, and sees everybody's pictures"
        .formatted(host, instance.port()), FIREWALL.formatted(instance.port(), instance.port()));
  }

  private Finding page() {
    List<String> html = List.of("text/html", "application/xhtml+xml");
    boolean injectable = facts.page().status() == 200 && html.contains(facts.page().mediaType())
      && facts.page().hasHead();
    return injectable ? Finding.ok(subject, "the script can be put into its page")
      : Finding.warning(subject, "its page cannot take the script: status %d, %s, %s".formatted(facts.page().status(),
        facts.page().mediaType().isEmpty() ? "no content type" : facts.page().mediaType(),
        facts.page().hasHead() ? "with a head" : "no head"),
        "runs are queued all the same, but students see no widget; is the front end installed?");
  }
}
