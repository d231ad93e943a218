package io.anteroom.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.FreePorts;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.redis.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A port that another program has: told before anything is started, and by the doctor as well. */
class TakenPortIT {
  @ParameterizedTest
  @CsvSource({"http.port, ANTEROOM_HTTP_PORT", "http.admin_port, ANTEROOM_HTTP_ADMIN_PORT",
    "cluster.port, ANTEROOM_CLUSTER_PORT", "cluster.event_bus_port, ANTEROOM_CLUSTER_EVENT_BUS_PORT",
    "redis.port, ANTEROOM_REDIS_PORT", "isolation.ports, ANTEROOM_ISOLATION_PORTS"})
  void aNodeSaysWhichOfItsPortsItCannotHave(String key, String variable) throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Map<String, String> settings = settings();
      settings.put(variable, key.equals("isolation.ports") ? port - 1 + "-" + port : String.valueOf(port));

      for (String command : new String[] {"start", "doctor"}) {
        try (NodeProcess node = NodeProcess.start(command, "taken-%d-%s".formatted(port, command), settings)) {
          assertThat(node.lastWords()).contains("cannot listen on %s 127.0.0.1:%d (".formatted(key, port),
            "stop the process that listens there, or set another port").doesNotContain("\tat ")
            .doesNotContain("Cluster configured", "is ready");
          assertThat(node.exitCode()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void theDemoSaysSoToo() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
         NodeProcess node = NodeProcess.start("demo", "taken-" + taken.getLocalPort(), Map.of("ANTEROOM_HTTP_PORT",
           String.valueOf(taken.getLocalPort()), "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString()))) {
      assertThat(node.lastWords()).contains("cannot listen on http.port 127.0.0.1:" + taken.getLocalPort())
        .doesNotContain("\tat ");
    }
  }

  private static Map<String, String> settings() throws IOException {
    Path folder = TestRedis.freshDirectory().getParent();
    Files.createDirectories(folder);
    Map<String, String> settings = new HashMap<>(Map.of(
      "ANTEROOM_DATA_DIR", folder.toString(),
      "ANTEROOM_USERS_FILE", Files.writeString(folder.resolve("users.csv"),
        "username,display_name,group,role,instance\n").toString(),
      "ANTEROOM_INSTANCES_FILE", Files.writeString(folder.resolve("instances.csv"),
        "instance,url,pool,slots\n").toString(),
      "ANTEROOM_AUTH_MODE", "users", "ANTEROOM_USERS_PASSWORDS", folder.resolve("passwords").toString(),
      "ANTEROOM_ISOLATION_BY", "port"));
    settings.put("ANTEROOM_CLUSTER_PORT", String.valueOf(FreePorts.next()));
    settings.put("ANTEROOM_CLUSTER_EVENT_BUS_PORT", String.valueOf(FreePorts.next()));
    settings.put("ANTEROOM_REDIS_PORT", String.valueOf(FreePorts.next()));
    int ports = FreePorts.row(2);
    settings.put("ANTEROOM_ISOLATION_PORTS", ports + "-" + (ports + 1));
    return settings;
  }
}
