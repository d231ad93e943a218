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

/** Everything that an administrator can set; {@code conf/anteroom.yaml} says what each means. */
public record Settings(
    String node, Set<Role> roles, Path dataDir, Http http, Redis redis, AuthSettings auth, Files files, Cluster cluster,
    Limit limit, Task task, Instances instances, Session session, Page page) {

  /** Which verticles a node runs; the metrics run on every node. */
  public enum Role { EDGE, INJECTION, API, DISPATCH, STATUS }

  /**
   * Where students and admins come in.
   *
   * @param bodyLimit in bytes
   * @param tls       what students are shown; empty for HTTP without TLS
   * @param adminTls  what admins are shown. Not the students' as a matter of course: health checks and Prometheus come
   *                  by 127.0.0.1, for which that one is not valid
   */
  public record Http(
      String host, int port, String adminHost, int adminPort, long bodyLimit,
      Optional<CertificateFiles> tls, Optional<CertificateFiles> adminTls, Front front,
      Isolation isolation) {

    /** Without TLS, and with nothing in front of it. */
    public Http(String host, int port, String adminHost, int adminPort, long bodyLimit) {
      this(host, port, adminHost, adminPort, bodyLimit, Optional.empty(), Optional.empty(), Front.NOTHING,
        Isolation.NONE);
    }
  }

  /**
   * What stands between students and us.
   *
   * @param publicUrl      the origin that students' browsers see; empty when it is what they connect to
   * @param trustedProxies whose word counts on who asks, and how he came
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
   * @param url    one address or several with commas between; empty for the embedded one
   * @param type   {@code standalone}, {@code sentinel} or {@code cluster}
   * @param master its name at the sentinels
   * @param port   of the embedded one
   * @param tls     for {@code rediss://}
   * @param storage how much it may take, and what makes it unreadable for others
   */
  public record Redis(
      Optional<String> url, String type, String master, int port, TlsTrust tls, Storage storage) {

    /** With the usual storage. */
    public Redis(Optional<String> url, String type, String master, int port, TlsTrust tls) {
      this(url, type, master, port, tls, Storage.USUAL);
    }

    /** With a certificate that Java believes, when it has one. */
    public Redis(Optional<String> url, String type, String master, int port) {
      this(url, type, master, port, TlsTrust.USUAL);
    }

    /** Without the password that the address may carry. */
    @Override
    public String toString() {
      return "Redis[url=%s, type=%s, master=%s, port=%d]".formatted(url.map(RedisUrl::hidden), type, master, port);
    }
  }

  /**
   * How the embedded Redis is bounded, and what is stored in any.
   *
   * @param secret    what all nodes encrypt workflows with; empty for the password of Redis
   * @param maxMemory of the embedded one, in bytes
   * @param minFree   of the disk that it writes to, in bytes; less is told
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
   * Who may come in and what there is.
   *
   * @param newcomers the instance or pool of those who sign in and are not in the file of users; empty for nobody else
   */
  public record Files(Path users, Path instances, Optional<String> newcomers) {
    /** Nobody but those in the file. */
    public Files(Path users, Path instances) {
      this(users, instances, Optional.empty());
    }
  }

  /**
   * How nodes find one another; empty {@code host} and {@code members} leave it to {@code cluster.xml}.
   *
   * @param tls of the event bus, which has none unless it is mutual
   */
  public record Cluster(
      String host, int port, int eventBusPort, List<String> members, Optional<Path> file, TlsTrust tls) {

    /** Without TLS. */
    public Cluster(String host, int port, int eventBusPort, List<String> members, Optional<Path> file) {
      this(host, port, eventBusPort, members, file, TlsTrust.USUAL);
    }

    /** Where this node listens for others: loopback, as long as nobody changed {@code cluster.xml}. */
    public String address() {
      return host.isEmpty() ? "127.0.0.1" : host;
    }
  }

  /** {@code concurrent} is the one in force, chosen by {@code ENV}. */
  public record Limit(int concurrent, int userRunning, int userWaiting, Bounds bounds) {
    /** With the usual bounds. */
    public Limit(int concurrent, int userRunning, int userWaiting) {
      this(concurrent, userRunning, userWaiting, Bounds.USUAL);
    }
  }

  /**
   * What one user may take, and all together.
   *
   * @param userBytes            of the workflows of one user that wait or run, as they are stored
   * @param bytes                of those of all users
   * @param userRunsPerSecond    runs that one user may submit
   * @param userChangesPerSecond requests of one user that change something
   * @param bodyMemory           bytes of bodies that a node holds at once; empty for a quarter of its memory
   */
  public record Bounds(
      long userBytes, long bytes, int userRunsPerSecond, int userChangesPerSecond, Optional<Long> bodyMemory) {
    public static final Bounds USUAL = new Bounds(200L << 20, 1L << 30, 2, 20, Optional.empty());
    /** A body is held once, and its parts several times over while they are read and stored. */
    private static final int SHARE_OF_THE_MEMORY = 4;

    /** How many bytes of bodies a node with this memory holds at once. */
    public long bodies(long memory) {
      return bodyMemory.orElse(memory / SHARE_OF_THE_MEMORY);
    }
  }

  /** How one task is run. */
  public record Task(
      Duration timeout, Duration interruptGrace, Duration pollInterval, int maxAttempts, Duration lease,
      Duration postTimeout, Duration grace, Duration keepEnded) {

    /** The same with this lease. */
    public Task withLease(Duration other) {
      return new Task(timeout, interruptGrace, pollInterval, maxAttempts, other, postTimeout, grace, keepEnded);
    }

    /** How often leases are renewed: often enough that two may fail. */
    public Duration renewInterval() {
      return lease.dividedBy(3);
    }
  }

  /**
   * How instances are talked to.
   *
   * @param giveUp      how long a task waits for one that is out, or is waited for at one that does not answer
   * @param maxBackoff  how long at most one gets no task after faults, before it is tried with one again
   * @param trust       for those with {@code https://}
   * @param guardSecret what their guards know too, so that they take our runs alone
   */
  public record Instances(
      Duration connectTimeout, Duration idleTimeout, Duration probeInterval, Duration giveUp,
      Duration maxBackoff, int connections, TlsTrust trust, Optional<String> guardSecret) {
    private static final Duration GIVE_UP = Duration.ofMinutes(30);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    /** Without a secret, and with the patience that is usual. */
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

  /** The student's socket. {@code grace}: how long a session outlives the browser's. */
  public record Session(Duration grace) {
  }

  /** What the page does: how often it polls, and whether the script is put in. */
  public record Page(Duration pollInterval, boolean injection) {
  }

  /** A web address that an instance may have: http or https, a host, no user, no query. */
  public static boolean isInstanceUrl(URI url) {
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
      && url.getHost() != null && url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
  }

  /**
   * What keeps the page of one student from the page of another in the same browser.
   *
   * @param ports of the students, where each has his own; empty otherwise
   */
  public record Isolation(By by, PortRange ports) {
    /** The address's path alone. */
    public static final Isolation NONE = new Isolation(By.PATH, PortRange.EMPTY);

    public Isolation {
      ports = by == By.PORT ? ports : PortRange.EMPTY;
    }

    /** By which part of the address students' pages differ. */
    public enum By {
      /** One origin for all: who has written a script for his page can read all that its browser keeps for others. */
      PATH,
      /** An origin for each student, without DNS. */
      PORT,
      /** An origin and cookies for each student: needs DNS and a certificate for all names below the public one. */
      HOST
    }
  }
}
