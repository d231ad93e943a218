package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.NodeProcess;
import io.anteroom.support.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TakenPortIT {
  @ParameterizedTest
  @CsvSource({"http.port, ANTEROOM_HTTP_PORT", "http.admin_port, ANTEROOM_HTTP_ADMIN_PORT"})
  void aNodeSaysWhichOfItsPortsItCannotHave(String key, String variable) throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      try (NodeProcess node = NodeProcess.start("demo", "taken-" + port,
          Map.of(variable, port, "ANTEROOM_DATA_DIR", TestRedis.freshDirectory().toString()))) {
        assertThat(node.lastWords()).contains(key + " " + port + " cannot be listened on").doesNotContain("\tat ");
      }
    }
  }
}
