package io.anteroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.support.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the container asks itself. */
@DisabledOnOs(OS.WINDOWS)
@ExtendWith(VertxExtension.class)
class ReadyScriptTest {

  @Test
  void readyNodeIsReady(Vertx vertx) throws IOException, InterruptedException {
    assertThat(isReady(nodeThatAnswers(200, vertx))).isTrue();
  }

  @Test
  void nodeThatSaysSoIsNotReady(Vertx vertx) throws IOException, InterruptedException {
    assertThat(isReady(nodeThatAnswers(503, vertx))).isFalse();
  }

  @Test
  void absentNodeIsNotReady() throws IOException, InterruptedException {
    assertThat(isReady(FreePorts.next())).isFalse();
  }

  private static int nodeThatAnswers(int status, Vertx vertx) {
    HttpServer server = vertx.createHttpServer().requestHandler(request ->
      request.response().setStatusCode(request.path().equals("/health/ready") ? status : 404).end());
    return server.listen(0, "127.0.0.1").await().actualPort();
  }

  private static boolean isReady(int adminPort) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("bash", "docker/ready.sh").redirectErrorStream(true)
      .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    script.environment().put("ANTEROOM_HTTP_ADMIN_PORT", Integer.toString(adminPort));
    Process process = script.start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
    }
  }
}
