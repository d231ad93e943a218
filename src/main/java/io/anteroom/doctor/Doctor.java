package io.anteroom.doctor;

import io.anteroom.comfy.InstanceProbe;
import io.anteroom.config.Settings;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.Instance;
import io.anteroom.dispatch.ConfigPublisher;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.doctor.Report.Finding.Level;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.TaskQueue.Condition;
import io.anteroom.redis.RedisTaskQueue;
import io.anteroom.redis.embedded.RedisBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Checks a whole lab: files, Redis, cluster and every instance. Changes nothing and runs nothing. */
public final class Doctor {
  private static final int CONCURRENCY = 8;
  private static final String CONFIGURATION = "configuration";
  /** A JVM that has just started on a busy machine takes seconds to connect. */
  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final Settings settings;
  private final InstanceProbe probe;
  private final Map<String, List<Finding>> ofInstances = new ConcurrentHashMap<>();

  public Doctor(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.probe = new InstanceProbe(vertx, settings.instances());
  }

  /** The findings for configuration errors. */
  public static Stream<Finding> complaints(String subject, InvalidSettingsException wrong) {
    return wrong.complaints().stream().map(complaint -> Finding.wrong(subject, complaint, ""));
  }

  public Future<Report> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("settings",
      "valid; at most %d workflows run at once".formatted(settings.limit().concurrent())));
    findings.add(new Preflight(settings).memory());
    findings.add(new Preflight(settings).data());
    Optional<Directory> directory = directory(findings);
    List<Instance> instances = directory.map(found -> List.copyOf(found.instances())).orElse(List.of());
    return RedisCheck.of(vertx, settings).onSuccess(findings::addAll)
      .compose(done -> new ClusterCheck(vertx, settings).findings()).onSuccess(findings::addAll)
      .onSuccess(done -> findings.addAll(new NetworkExposureCheck(settings, Clock.systemUTC()).findings()))
      .onSuccess(done -> findings.addAll(new BoundsCheck(settings, Runtime.getRuntime().maxMemory()).findings()))
      .compose(done -> Future.all(IntStream.range(0, CONCURRENCY).mapToObj(lane -> examine(instances, lane)).toList()))
      .compose(done -> isStoreThere(findings) ? stored(directory) : Future.succeededFuture(List.of()))
      .map(stored -> {
        instances.forEach(instance -> findings.addAll(ofInstances.get(instance.name())));
        findings.addAll(stored);
        return new Report(List.copyOf(findings));
      });
  }

  /** Whether Redis can be queried; if not, other findings say why. */
  private boolean isStoreThere(List<Finding> findings) {
    return settings.redis().url().isEmpty() ? RedisBackend.own(settings).isInUse() : findings.stream()
      .noneMatch(finding -> finding.subject().equals(RedisCheck.SUBJECT) && finding.level() == Level.WRONG);
  }

  /** Findings about what is in force in the store. */
  private Future<List<Finding>> stored(Optional<Directory> files) {
    RedisTaskQueue queue = new RedisTaskQueue(vertx, RedisBackend.inUse(settings), STORE_TIMEOUT);
    return queue.stats().compose(stats -> queue.conditions().compose(conditions ->
        queue.effectiveConfiguration().map(effective -> Stream.of(limit(stats.limit()),
          Stream.of(BoundsCheck.stored(settings, stats)),
          files.stream().flatMap(found -> differences(effective, found)),
          files.stream().flatMap(found -> circuits(conditions, found))).flatMap(Function.identity()).toList())))
      .otherwise(List.of())
      .eventually(queue::close);
  }

  /** Whether the settings and lists of this node are in force. */
  private Stream<Finding> differences(EffectiveConfig effective, Directory files) {
    Map<Part, String> differences = effective.differences(ConfigPublisher.configuration(settings, files));
    return differences.isEmpty() ? Stream.of(Finding.ok(CONFIGURATION, "all nodes have the same"))
      : differences.values().stream().map(text -> Finding.warning(CONFIGURATION, text,
        "make it the same on every node: the last change is in force for all of them"));
  }

  /** The circuit state of the instances. */
  private static Stream<Finding> circuits(List<Condition> conditions, Directory files) {
    return conditions.stream()
      .filter(condition -> condition.isDraining() || files.instance(condition.instance()).isPresent())
      .map(condition -> InstanceCheck.circuit(condition, Clock.systemUTC().instant()));
  }

  /** Compares the limit in force, which the store keeps, with the settings; nothing before a node has started. */
  private Stream<Finding> limit(int inForce) {
    int wanted = settings.limit().concurrent();
    if (inForce == 0) {
      return Stream.empty();
    }
    return Stream.of(inForce == wanted
      ? Finding.ok("limit", "in force: at most %d workflows run at once".formatted(inForce))
      : Finding.warning("limit", "in force is %d, from another node; these settings say %d".formatted(
        inForce, wanted), "give all nodes the same limit.concurrent and env, and restart those that differ"));
  }

  private Optional<Directory> directory(List<Finding> findings) {
    try {
      Directory directory = DirectoryLoader.read(settings);
      findings.add(Finding.ok("files", "%d users, %d instances"
        .formatted(directory.users().size(), directory.instances().size())));
      return Optional.of(directory);
    } catch (InvalidSettingsException wrong) {
      complaints("files", wrong).forEach(findings::add);
      return Optional.empty();
    }
  }

  /** One instance after the other, from this index in steps of {@link #CONCURRENCY}. */
  private Future<Void> examine(List<Instance> instances, int at) {
    return at >= instances.size() ? Future.succeededFuture()
      : examine(instances.get(at)).compose(done -> examine(instances, at + CONCURRENCY));
  }

  private Future<Void> examine(Instance instance) {
    return probe.probe(instance)
      .map(facts -> InstanceCheck.of(instance, facts).toList())
      .otherwise(cause -> List.of(InstanceCheck.unreachable(instance, cause)))
      .map(findings -> {
        ofInstances.put(instance.name(), findings);
        return null;
      });
  }
}
