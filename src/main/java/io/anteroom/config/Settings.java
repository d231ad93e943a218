package io.anteroom.config;

import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.TlsTrust;
import io.anteroom.net.CidrRange;
import io.anteroom.net.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All settings; {@code conf/anteroom.yaml} documents them. */
public record Settings(
    String node, Set<Role> roles, Path dataDir, Http http, Redis redis, AuthSettings auth, Files files, Cluster cluster,
    Limit limit, Task task, Instances instances, Session session, Page page) {

  /** The verticles that a node runs; the admin verticle runs on every node. */
  public enum Role { EDGE, INJECTION, API, DISPATCH, STATUS }

  /**
   * The HTTP listeners for students and admins.
   *
   * @param bodyLimit in bytes
   * @param tls       the certificate for students; empty for plain HTTP
   * @param adminTls  the certificate for admins. Not the students' by default: health checks and Prometheus connect to
   *                  127.0.0.1, for which that one is not valid
   */
  public record Http(
      String host, int port, String adminHost, int adminPort, long bodyLimit,
      Optional<CertificateFiles> tls, Optional<CertificateFiles> adminTls, Front front,
      Isolation isolation) {

    /** Without TLS or a proxy in front. */
    public Http(String host, int port, String adminHost, int adminPort, long bodyLimit) {
      this(host, port, adminHost, adminPort, bodyLimit, Optional.empty(), Optional.empty(), Front.NOTHING,
        Isolation.NONE);
    }
  }

  /**
   * The reverse proxy in front of Anteroom.
   *
   * @param publicUrl      the origin that browsers see; empty if they connect directly
   * @param trustedProxies the proxies whose forwarding headers are trusted
   */
  public record Front(Optional<URI> publicUrl, List<CidrRange> trustedProxies) {
    public static final Front NOTHING = new Front(Optional.empty(), List.of());

    public Front {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /**
   * The queue's store.
   *
   * @param url     one or more URLs separated by commas; empty for the embedded Redis
   * @param type    {@code standalone}, {@code sentinel} or {@code cluster}
   * @param master  its name at the sentinels
   * @param port    of the embedded Redis
   * @param tls     for {@code rediss://}
   * @param storage memory and disk limits, and the encryption secret
   */
  public record Redis(
      Optional<String> url, String type, String master, int port, TlsTrust tls, Storage storage) {

    /** With the default storage settings. */
    public Redis(Optional<String> url, String type, String master, int port, TlsTrust tls) {
      this(url, type, master, port, tls, Storage.USUAL);
    }

    /** With the certificate authorities that Java trusts. */
    public Redis(Optional<String> url, String type, String master, int port) {
      this(url, type, master, port, TlsTrust.USUAL);
    }

    /** Without the password that the URL may contain. */
    @Override
    public String toString() {
      return "Redis[url=%s, type=%s, master=%s, port=%d]".formatted(url.map(RedisUrl::hidden), type, master, port);
    }
  }

  /**
   * Limits of the embedded Redis, and the encryption of any.
   *
   * @param secret    encrypts workflows, the same on all nodes; empty for the password of Redis
   * @param maxMemory of the embedded Redis, in bytes
   * @param minFree   free disk space in bytes below which it warns
   */
  public record Storage(Optional<String> secret, long maxMemory, long minFree) {
    public static final Storage USUAL = new Storage(Optional.empty(), 2L << 30, 1L << 30);

    /** Without the secret. */
    @Override
    public String toString() {
      return "Storage[secret=%s, maxMemory=%d, minFree=%d]".formatted(secret.map(known -> "***"), maxMemory, minFree);
    }
  }

  /**
   * The files of users and instances.
   *
   * @param newcomers the instance or pool of users who sign in and are not listed; empty to refuse them
   */
  public record Files(Path users, Path instances, Optional<String> newcomers) {
    /** Listed users only. */
    public Files(Path users, Path instances) {
      this(users, instances, Optional.empty());
    }
  }

  /**
   * How nodes find one another; empty {@code host} and {@code members} leave it to {@code cluster.xml}.
   *
   * @param tls of the event bus, used only if it is mutual
   */
  public record Cluster(
      String host, int port, int eventBusPort, List<String> members, Optional<Path> file, TlsTrust tls) {

    /** Without TLS. */
    public Cluster(String host, int port, int eventBusPort, List<String> members, Optional<Path> file) {
      this(host, port, eventBusPort, members, file, TlsTrust.USUAL);
    }

    /** The address for other nodes: loopback, unless {@code cluster.xml} was changed. */
    public String address() {
      return host.isEmpty() ? "127.0.0.1" : host;
    }
  }

  /** Limits of the queue; {@code concurrent} is the one in force, chosen by {@code ENV}. */
  public record Limit(int concurrent, int userRunning, int userWaiting, Bounds bounds) {
    /** With the default bounds. */
    public Limit(int concurrent, int userRunning, int userWaiting) {
      this(concurrent, userRunning, userWaiting, Bounds.USUAL);
    }
  }

  /**
   * Limits for one user, and for all together.
   *
   * @param userBytes            stored size of the waiting and running workflows of one user
   * @param bytes                the same of all users
   * @param userRunsPerSecond    rate limit for submissions of one user
   * @param userChangesPerSecond rate limit for changing requests of one user
   * @param bodyMemory           bytes of bodies that a node buffers at once; empty for a quarter of its memory
   */
  public record Bounds(
      long userBytes, long bytes, int userRunsPerSecond, int userChangesPerSecond, Optional<Long> bodyMemory) {
    public static final Bounds USUAL = new Bounds(200L << 20, 1L << 30, 2, 20, Optional.empty());
    /** A body is held once, its parts several times while they are read and stored. */
    private static final int SHARE_OF_THE_MEMORY = 4;

    /** How many bytes of bodies a node with this memory buffers at once. */
    public long bodies(long memory) {
      return bodyMemory.orElse(memory / SHARE_OF_THE_MEMORY);
    }
  }

  /** The life of a task. */
  public record Task(
      Duration timeout, Duration interruptGrace, Duration pollInterval, int maxAttempts, Duration lease,
      Duration postTimeout, Duration grace, Duration keepEnded) {

    /** The same with this lease. */
    public Task withLease(Duration other) {
      return new Task(timeout, interruptGrace, pollInterval, maxAttempts, other, postTimeout, grace, keepEnded);
    }

    /** The interval of lease renewals: two in a row may fail. */
    public Duration renewInterval() {
      return lease.dividedBy(3);
    }
  }

  /**
   * The connections to instances.
   *
   * @param giveUp      how long a task waits for an unavailable instance, or for an answer of its own one
   * @param maxBackoff  the longest pause after faults until the instance gets a trial task
   * @param trust       for instances with {@code https://}
   * @param guardSecret shared with their guards, so that they accept only our runs
   */
  public record Instances(
      Duration connectTimeout, Duration idleTimeout, Duration probeInterval, Duration giveUp,
      Duration maxBackoff, int connections, TlsTrust trust, Optional<String> guardSecret) {
    private static final Duration GIVE_UP = Duration.ofMinutes(30);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    /** Without a secret, and with the default timeouts. */
    public Instances(Duration connectTimeout, Duration idleTimeout, Duration probeInterval, int connections) {
      this(connectTimeout, idleTimeout, probeInterval, GIVE_UP, MAX_BACKOFF, connections, TlsTrust.USUAL,
        Optional.empty());
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return ("Instances[connectTimeout=%s, idleTimeout=%s, probeInterval=%s, giveUp=%s, maxBackoff=%s, "
        + "connections=%d, trust=%s, guardSecret=%s]").formatted(connectTimeout, idleTimeout, probeInterval, giveUp,
        maxBackoff, connections, trust, guardSecret.map(secret -> "***"));
    }
  }

  /** The student's session. {@code grace}: how long it outlives the browser's socket. */
  public record Session(Duration grace) {
  }

  /** The page: how often it polls, and whether the script is injected. */
  public record Page(Duration pollInterval, boolean injection) {
  }

  /** Whether an instance may have this URL: http or https, a host, no user, no query. */
  public static boolean isInstanceUrl(URI url) {
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
      && url.getHost() != null && url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
  }

  /**
   * Isolates the pages of students who use the same browser, by origin.
   *
   * @param ports of the students, if each has their own; empty otherwise
   */
  public record Isolation(By by, PortRange ports) {
    /** By path only. */
    public static final Isolation NONE = new Isolation(By.PATH, PortRange.EMPTY);

    public Isolation {
      ports = by == By.PORT ? ports : PortRange.EMPTY;
    }

    /** The part of the URL by which students' pages differ. */
    public enum By {
      /** One origin for all: a script in one page can read all that the browser stores for others. */
      PATH,
      /** An origin for each student, without DNS. */
      PORT,
      /** An origin and cookies for each student: needs DNS and a certificate for all names below the public one. */
      HOST
    }
  }
}
