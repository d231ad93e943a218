package io.anteroom.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anteroom.support.FreePorts;
import io.anteroom.support.cluster.Host;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import io.anteroom.support.server.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps a node from starting: told in a sentence by the start, and not called fine by the doctor. */
class StartFailureIT {
  /** Each prepares a lab in its folder by settings, and says with what the processes begin that meet it. */
  private enum Trouble {
    FILE_IN_THE_PLACE_OF_THE_DATA(1, "is not a folder") {
      @Override
      void prepare(Path folder, Map<String, String> settings) throws IOException {
        settings.put("ANTEROOM_DATA_DIR", Files.writeString(folder.resolve("file"), "x").resolve("data").toString());
      }
    },
    READ_ONLY_DISK(1, "cannot be written by user") {
      @Override
      List<String> inside(Path folder) {
        return mounted(folder.resolve("data"), "ro,size=64m");
      }
    },
    FULL_DISK(1, "is full: 2 MB are free, at least 16 are needed") {
      @Override
      List<String> inside(Path folder) {
        return mounted(folder.resolve("data"), "size=2m");
      }
    },
    FOLDER_OF_ANOTHER_USER(1, "cannot be written by user") {
      @Override
      void prepare(Path folder, Map<String, String> settings) throws IOException, InterruptedException {
        run("chmod", "555", folder.resolve("data").toString());
      }

      @Override
      List<String> inside(Path folder) {
        return UNPRIVILEGED;
      }
    },
    NO_SUCH_USERS(2, "users.csv: cannot read file: no such file") {
      @Override
      void prepare(Path folder, Map<String, String> settings) throws IOException {
        Files.delete(folder.resolve("users.csv"));
      }
    },
    UNREADABLE_INSTANCES(2, "instances.csv: cannot read file: permission denied for user") {
      @Override
      void prepare(Path folder, Map<String, String> settings) throws IOException, InterruptedException {
        run("chmod", "000", folder.resolve("instances.csv").toString());
      }

      @Override
      List<String> inside(Path folder) {
        return UNPRIVILEGED;
      }
    },
    NO_SUCH_SETTINGS(2, "nowhere.yaml: cannot read file: no such file") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        settings.put("ANTEROOM_CONF", folder.resolve("nowhere.yaml").toString());
      }
    },
    EXPIRED_CERTIFICATE(2, "has expired on") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        TestAuthority.Issued late = new TestAuthority("school", folder).issueExpired("late");
        settings.put("ANTEROOM_HTTP_TLS_CERT", late.chain().toString());
        settings.put("ANTEROOM_HTTP_TLS_KEY", late.key().toString());
      }
    },
    ADDRESS_OF_ANOTHER_MACHINE(1, "cannot listen on http.admin_port 192.0.2.1:") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        settings.put("ANTEROOM_HTTP_ADMIN_HOST", "192.0.2.1");
        settings.put("ANTEROOM_AUTH_OPEN_ON_NETWORK", "true");
      }
    },
    LITTLE_MEMORY(1, "not enough memory") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        settings.put("_JAVA_OPTIONS", "-Xmx32m");
      }
    },
    REDIS_WITH_ANOTHER_PASSWORD(1, "redis.url: Redis does not accept the user or the password in it") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        REDIS.isMaster();
        settings.put("ANTEROOM_REDIS_URL", url().replaceFirst(":[^:@]+@", ":wrong-s3cret@"));
      }
    },
    REDIS_THAT_IS_A_REPLICA(1, "it is a replica that takes no writes: point redis.url at the master") {
      @Override
      void prepare(Path folder, Map<String, String> settings) {
        REDIS.losesItsMaster();
        settings.put("ANTEROOM_REDIS_URL", url());
      }
    };

    private final int exitCode;
    private final String words;

    Trouble(int exitCode, String words) {
      this.exitCode = exitCode;
      this.words = words;
    }

    void prepare(Path folder, Map<String, String> settings) throws IOException, InterruptedException {
    }

    List<String> inside(Path folder) {
      return List.of();
    }
  }

  /** Root may write and read everything; without this right root is a user like others. */
  private static final List<String> UNPRIVILEGED =
    List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--");
  private static final TestRedis REDIS = TestRedis.start();

  @ParameterizedTest
  @EnumSource
  void itIsToldInASentenceByTheStartAndByTheDoctor(Trouble trouble) throws IOException, InterruptedException {
    Path folder = TestRedis.freshDirectory().getParent().toAbsolutePath();
    Files.createDirectories(folder.resolve("data"));
    Map<String, String> settings = settings(folder);
    List<String> inside = trouble.inside(folder);
    assumeTrue(inside.isEmpty() || works(inside));
    trouble.prepare(folder, settings);

    for (String command : new String[] {"start", "doctor"}) {
      String name = "%s-%s-%s".formatted(trouble, command, folder.getFileName()).toLowerCase(Locale.ROOT);
      try (NodeProcess node = NodeProcess.start(command, name, settings, new Host("127.0.0.1", inside))) {
        assertThat(node.lastWords()).as(command).contains(trouble.words)
          .doesNotContain("\tat ", "java.io.", "java.nio.", "wrong-s3cret", "does not answer yet");
        assertThat(node.exitCode()).isEqualTo(command.equals("start") ? trouble.exitCode : 1);
      }
    }
  }

  private static Map<String, String> settings(Path folder) throws IOException {
    Map<String, String> settings = new HashMap<>(Map.of(
      "ANTEROOM_DATA_DIR", folder.resolve("data").toString(),
      "ANTEROOM_USERS_FILE", Files.writeString(folder.resolve("users.csv"),
        "username,display_name,group,role,instance\n").toString(),
      "ANTEROOM_INSTANCES_FILE", Files.writeString(folder.resolve("instances.csv"),
        "instance,url,pool,slots\n").toString()));
    for (String port : List.of("CLUSTER_PORT", "CLUSTER_EVENT_BUS_PORT", "REDIS_PORT")) {
      settings.put("ANTEROOM_" + port, String.valueOf(FreePorts.next()));
    }
    return settings;
  }

  private static List<String> mounted(Path folder, String options) {
    return List.of("unshare", "--mount", "sh", "-c",
      "mount -t tmpfs -o %s tmpfs '%s' && exec \"$@\"".formatted(options, folder), "sh");
  }

  private static String url() {
    return REDIS.access().urls().get(0);
  }

  @AfterAll
  static void close() {
    REDIS.close();
  }

  private static boolean works(List<String> inside) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(inside);
    command.add("true");
    return run(command.toArray(String[]::new));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }
}
