package io.anteroom.support;

import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import io.anteroom.config.Settings.Cluster;
import io.anteroom.config.Settings.Files;
import io.anteroom.config.Settings.Front;
import io.anteroom.config.Settings.Http;
import io.anteroom.config.Settings.Instances;
import io.anteroom.config.Settings.Isolation;
import io.anteroom.config.Settings.Limit;
import io.anteroom.config.Settings.Page;
import io.anteroom.config.Settings.Redis;
import io.anteroom.config.Settings.Role;
import io.anteroom.config.Settings.Session;
import io.anteroom.config.Settings.Task;
import io.anteroom.queueapi.QueueApiVerticle.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings of a node on this machine, with a port of its own. */
public final class TestSettings {
  public static final long BODY_LIMIT = 100L << 20;

  /** As much as who asks over the bus has: no busy machine is taken for an instance or a dispatcher that is silent. */
  public static final Timeouts PATIENCE =
    new Timeouts(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(11), Duration.ofSeconds(9));

  private static final Instances QUICK =
    new Instances(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMillis(500), 64);

  private TestSettings() {
  }

  /** An edge on a free port with these ways of talking to instances. */
  public static Settings edge(Instances instances) {
    return settings(instances, 10, Duration.ofSeconds(60));
  }

  /** An edge on a free port with this in front of it. */
  public static Settings edge(Front front) {
    Settings plain = edge(QUICK);
    Http http = plain.http();
    return new Settings(plain.node(), plain.roles(), plain.dataDir(),
      new Http(http.host(), http.port(), http.adminHost(), http.adminPort(), http.bodyLimit(),
        Optional.empty(), Optional.empty(), front, Isolation.NONE),
      plain.redis(), plain.auth(), plain.files(), plain.cluster(), plain.limit(), plain.task(), plain.instances(),
      plain.session(), plain.page());
  }

  /** An edge to which one signs in as these variables say, {@code ANTEROOM_AUTH_MODE}; on their port, or a free one. */
  public static Settings edge(Map<String, String> variables) {
    Settings plain = edge(QUICK);
    Settings given = ConfigLoader.load(Optional.empty(), variables).settings();
    Http http = plain.http();
    int port = variables.containsKey("ANTEROOM_HTTP_PORT") ? given.http().port() : http.port();
    return new Settings(plain.node(), plain.roles(), plain.dataDir(),
      new Http(http.host(), port, http.adminHost(), http.adminPort(), http.bodyLimit(),
        Optional.empty(), Optional.empty(), given.http().front(), given.http().isolation()),
      plain.redis(), given.auth(), plain.files(), plain.cluster(), plain.limit(), plain.task(), plain.instances(),
      plain.session(), plain.page());
  }

  /** A node on a free port that notices quickly when an instance is back. */
  public static Settings node(int limit, Duration sessionGrace) {
    return settings(QUICK, limit, sessionGrace);
  }

  private static Settings settings(Instances instances, int limit, Duration sessionGrace) {
    return new Settings("test", Set.of(Role.EDGE), Path.of("target/data"),
      new Http("127.0.0.1", FreePorts.next(), "127.0.0.1", FreePorts.next(), BODY_LIMIT),
      new Redis(Optional.empty(), "standalone", "", FreePorts.next()),
      ConfigLoader.load(Optional.empty(), Map.of()).settings().auth(),
      new Files(Path.of("users.csv"), Path.of("instances.csv")),
      new Cluster("127.0.0.1", FreePorts.next(), FreePorts.next(), List.of(), Optional.empty()),
      new Limit(limit, 1, 20),
      new Task(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(2), 3, Duration.ofSeconds(15),
        Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofDays(7)),
      instances, new Session(sessionGrace), new Page(Duration.ofSeconds(3), true));
  }
}
