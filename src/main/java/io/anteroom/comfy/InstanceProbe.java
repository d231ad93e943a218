package io.anteroom.comfy;

import io.anteroom.comfy.InstanceProbe.InstanceFacts.Device;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Guard;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.ObjectInfo;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Page;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Refused;
import io.anteroom.comfy.InstanceProbe.InstanceFacts.Switches;
import io.anteroom.comfy.http.HttpExchange;
import io.anteroom.comfy.http.HttpExchange.Answer;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol;
import io.anteroom.comfy.protocol.GuardProtocol;
import io.anteroom.config.Settings;
import io.anteroom.directory.Instance;
import io.anteroom.task.InstanceOutage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Probes an instance for its version, devices and configuration, without running anything on it. */
public final class InstanceProbe {
  private static final Pattern HEAD = Pattern.compile("<head[\\s>]", Pattern.CASE_INSENSITIVE);
  /** A reserved name (RFC 2606): the Origin of a page that the instance did not serve. */
  private static final String FOREIGN = "http://anteroom.invalid";

  private static final int MAX_RESPONSE = 4 << 20;
  /** Hundreds of custom nodes make tens of megabytes. */
  private static final int MAX_OBJECT_INFO = 128 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Answer NOTHING = new Answer(0, "", "", Buffer.buffer(), true);

  private final HttpExchange exchange;

  private final Settings.Instances settings;
  private final GuardClient guard;

  /** @param settings timeouts, TLS and guard secret */
  public InstanceProbe(Vertx vertx, Settings.Instances settings) {
    this.settings = settings;
    exchange = new HttpExchange(vertx, settings.connectTimeout(), settings.trust(), TIMEOUT);
    guard = new GuardClient(exchange, settings.guardSecret());
  }

  /** Fails if the instance cannot be reached, and with {@link ComfyException} if something else answers there. */
  public Future<InstanceFacts> probe(Instance instance) {
    long began = System.nanoTime();
    return ask(exchange.open(instance, HttpMethod.GET, ComfyProtocol.SYSTEM_STATS))
      .compose(stats -> json(stats).getValue("system") instanceof JsonObject
        ? rest(instance, json(stats), since(began))
        : Future.failedFuture(stats.status() == 200
          ? ComfyException.otherBody(ComfyProtocol.SYSTEM_STATS, stats.contentType())
          : ComfyException.answered(ComfyProtocol.SYSTEM_STATS, stats.status(), stats.location())));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private Future<InstanceFacts> rest(Instance instance, JsonObject stats, Duration took) {
    Buffer nothing = new JsonObject().put(PromptRequest.PROMPT, new JsonObject())
      .put(PromptRequest.PROMPT_ID, UUID.randomUUID().toString()).toBuffer();
    Future<Answer> foreign = ask(exchange.open(instance, HttpMethod.GET, ComfyProtocol.QUEUE)
      .map(request -> request.putHeader("Origin", FOREIGN))).otherwise(NOTHING);
    Future<Answer> queue = get(instance, ComfyProtocol.QUEUE);
    Future<Answer> prompt = ask(exchange.open(instance, HttpMethod.POST, ComfyProtocol.PROMPT), nothing)
      .otherwise(NOTHING);
    Future<Answer> page = get(instance, ComfyProtocol.PAGE);
    Future<Switches> switches = switches(instance, stats);
    Future<Guard> guarded = guarded(instance);
    return Future.all(foreign, queue, prompt, page, switches, guarded)
      .compose(all -> objectInfo(instance))
      .map(objectInfo -> new InstanceFacts(
        took, version(stats), devices(stats), foreign.result().status() == 403, isQueue(queue.result()),
        new Refused(prompt.result().status(), errorType(prompt.result())), page(page.result()), guarded.result(),
        switches.result(), objectInfo));
  }

  /** The instance reports its command line; newer releases enable some switches by default. */
  private Future<Switches> switches(Instance instance, JsonObject stats) {
    JsonArray line = stats.getJsonObject("system").getValue("argv") instanceof JsonArray argv ? argv : new JsonArray();
    Future<Answer> features = get(instance, ComfyProtocol.FEATURES);
    Future<Answer> users = get(instance, ComfyProtocol.USERS);
    return Future.all(features, users).map(all -> new Switches(
      line.contains("--enable-assets") || Boolean.TRUE.equals(json(features.result()).getValue("assets")),
      line.contains("--multi-user") || json(users.result()).getValue("users") instanceof JsonObject));
  }

  /** Requested last and alone, so that other requests do not affect the measurement. */
  private Future<ObjectInfo> objectInfo(Instance instance) {
    return exchange.open(instance, HttpMethod.GET, ComfyProtocol.OBJECT_INFO)
      .compose(request -> {
        long began = System.nanoTime();
        return exchange.measure(request, MAX_OBJECT_INFO)
          .map(answer -> new ObjectInfo(since(began), answer.bytes(), answer.status() == 200 && answer.whole()));
      })
      .otherwise(new ObjectInfo(TIMEOUT, 0, false));
  }

  /** Requests the journal of an unknown task: the guard answers only with proof of its secret. */
  private Future<Guard> guarded(Instance instance) {
    Future<Answer> state = get(instance, GuardProtocol.STATE);
    Future<Answer> journal = guard.journal(instance, UUID.randomUUID().toString()).otherwise(NOTHING);
    return Future.all(state, journal).map(all -> {
      JsonObject said = state.result().status() == 200 ? json(state.result()) : new JsonObject();
      return new Guard(said.containsKey(GuardProtocol.WANTS_PROOF),
        Boolean.TRUE.equals(said.getValue(GuardProtocol.JOURNAL_KEPT)),
        Boolean.TRUE.equals(said.getValue(GuardProtocol.WANTS_PROOF)), settings.guardSecret().isPresent(),
        journal.result().status() != GuardProtocol.REFUSES_PROOF);
    });
  }

  private Future<Answer> get(Instance instance, String path) {
    return ask(exchange.open(instance, HttpMethod.GET, path)).otherwise(NOTHING);
  }

  private Future<Answer> ask(Future<HttpClientRequest> opened) {
    return ask(opened, Buffer.buffer());
  }

  private Future<Answer> ask(Future<HttpClientRequest> opened, Buffer body) {
    return opened.compose(request -> exchange.begin(request, body, MAX_RESPONSE))
      .timeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** A queue too long to be read in full still counts. */
  private static boolean isQueue(Answer answer) {
    return answer.status() == 200 && (!answer.whole() || json(answer).containsKey(ComfyProtocol.RUNNING));
  }

  private static String errorType(Answer answer) {
    return json(answer).getValue("error") instanceof JsonObject error ? text(error, "type") : "";
  }

  private static Page page(Answer answer) {
    String mediaType = answer.contentType().replaceFirst(";.*", "").strip();
    return new Page(answer.status(), mediaType, HEAD.matcher(answer.body().toString()).find());
  }

  private static String version(JsonObject stats) {
    return stats.getValue("system") instanceof JsonObject system ? text(system, "comfyui_version") : "";
  }

  private static List<Device> devices(JsonObject stats) {
    JsonArray devices = stats.getValue("devices") instanceof JsonArray all ? all : new JsonArray();
    return IntStream.range(0, devices.size()).mapToObj(devices::getValue)
      .filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
      .map(device -> new Device(text(device, "name"), text(device, "type"),
        device.getValue("vram_total") instanceof Number vram ? vram.longValue() : 0))
      .toList();
  }

  private static String text(JsonObject object, String field) {
    return Optional.ofNullable(object.getValue(field)).map(Object::toString).orElse("");
  }

  private static JsonObject json(Answer answer) {
    try {
      return answer.body().length() == 0 ? new JsonObject() : new JsonObject(answer.body());
    } catch (DecodeException | ClassCastException notAnObject) {
      return new JsonObject();
    }
  }

  /**
   * The facts that a probe found.
   *
   * @param took                 response time of the first request
   * @param version              ComfyUI's; empty if unknown
   * @param refusesForeignOrigin it answers 403 to a page of another origin
   * @param queueReadable        {@code /queue} has ComfyUI's shape
   * @param refusal              its response to an empty workflow
   * @param page                 the page that students would see
   * @param guard                its guard, and whether the secrets match
   * @param switches             command-line switches that affect students
   * @param objectInfo           the cost of its list of node classes
   */
  public record InstanceFacts(
      Duration took, String version, List<Device> devices, boolean refusesForeignOrigin, boolean queueReadable,
      Refused refusal, Page page, Guard guard, Switches switches, ObjectInfo objectInfo) {

    /** Whether {@code --enable-assets}, the default of newer releases, and {@code --multi-user} are in force. */
    public record Switches(boolean assets, boolean multiUser) {
    }

    /** Time and size of {@code GET /object_info}; {@code whole} is false if it did not complete. */
    public record ObjectInfo(Duration took, long bytes, boolean whole) {
    }

    /** A compute device. {@code vram} in bytes, 0 if unknown. */
    public record Device(String name, String type, long vram) {
    }

    /** The response to an empty workflow: status and ComfyUI's error type. */
    public record Refused(int status, String type) {
    }

    /**
     * The guard, or its absence.
     *
     * @param journalKept its journal reaches the disk
     * @param wantsProof  it has a secret, and refuses runs without a proof of it
     * @param proofGiven  we have a secret
     * @param proofTaken  it does not refuse us: the secrets match, or it has none
     */
    public record Guard(boolean there, boolean journalKept, boolean wantsProof, boolean proofGiven,
        boolean proofTaken) {
    }

    /** The answer to {@code GET /}. {@code hasHead}: the script can be injected. */
    public record Page(int status, String mediaType, boolean hasHead) {
    }
  }

  /**
   * Why the URL of an instance does not lead to a usable ComfyUI.
   *
   * @param what  what was found instead
   * @param shown a detail that every user may see, such as a status; empty for none
   */
  public record NotComfyUi(What what, String shown) {
    /** What was found instead of a ComfyUI. */
    public enum What {
      /** No response. */
      SILENT,
      /** A certificate that is not trusted, or does not match the host. */
      UNTRUSTED,
      /** A response, but not ComfyUI's. */
      FOREIGN
    }

    /** Classifies the failure of a request to an instance. */
    public static NotComfyUi of(Throwable failure) {
      if (failure instanceof ComfyException answered) {
        return new NotComfyUi(What.FOREIGN, answered.shown());
      }
      if (causes(failure).anyMatch(NotComfyUi::isOfCertificate)) {
        return new NotComfyUi(What.UNTRUSTED, "");
      }
      return tls(failure).map(error -> new NotComfyUi(What.FOREIGN, error))
        .orElseGet(() -> new NotComfyUi(What.SILENT, ""));
    }

    /** Why this instance gets no tasks. */
    public InstanceOutage outage(String instance) {
      return switch (what) {
        case SILENT -> InstanceOutage.of(InstanceOutage.Kind.SILENT, instance);
        case UNTRUSTED -> InstanceOutage.of(InstanceOutage.Kind.UNTRUSTED, instance);
        case FOREIGN -> InstanceOutage.of(InstanceOutage.Kind.FOREIGN, instance, shown);
      };
    }

    private static Optional<String> tls(Throwable failure) {
      return causes(failure).noneMatch(SSLException.class::isInstance) ? Optional.empty()
        : Optional.of(causes(failure).anyMatch(NotComfyUi::isPlain) ? "no TLS" : "TLS fails");
    }

    /** The messages of Netty and of Java for data that is not a TLS record. */
    private static boolean isPlain(Throwable cause) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      return message.contains("not an ssl/tls record") || message.contains("unrecognized ssl message");
    }

    private static boolean isOfCertificate(Throwable cause) {
      return cause instanceof CertificateException || cause instanceof CertPathValidatorException
        || cause instanceof CertPathBuilderException;
    }

    private static Stream<Throwable> causes(Throwable failure) {
      return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
    }
  }
}
