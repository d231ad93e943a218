package io.anteroom.attack;

import static io.anteroom.support.Awaited.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anteroom.config.Settings.Front;
import io.anteroom.edge.EdgeFixture;
import io.anteroom.net.CidrRange;
import io.anteroom.support.FreePorts;
import io.anteroom.support.client.RawClient;
import io.anteroom.support.server.SmallInstance;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The same bytes as in {@link SmugglingAttacksTest} through the proxies that labs have, where these are installed: the
 * instance runs no request that the proxy has not counted as one.
 */
@Attack(27)
class SmugglingBehindProxiesTest {
  private static final String SMUGGLED = "GET /u/alice/smuggled HTTP/1.1\r\nHost: localhost\r\n";

  private final EdgeFixture house =
    new EdgeFixture(new Front(Optional.empty(), List.of(CidrRange.of("127.0.0.1").orElseThrow())));
  private final int port = FreePorts.next();
  @TempDir
  private Path directory;
  private Process proxy;

  @AfterEach
  void close() {
    if (proxy != null) {
      proxy.destroyForcibly();
    }
    house.close();
  }

  @Test
  void nginxCountsEveryRequestThatRuns() throws IOException {
    start("nginx", "nginx.conf", """
      daemon off; master_process off; pid nginx.pid; error_log stderr;
      events {}
      http {
        log_format line '$connection $connection_requests $request';
        access_log %1$s line;
        client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
        map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
        upstream anteroom { server 127.0.0.1:%2$d; keepalive 64; }
        server {
          listen 127.0.0.1:%3$d;
          location / {
            proxy_pass http://anteroom;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_request_buffering off;
            proxy_buffering off;
          }
        }
      }
      """, "-p", directory + "/", "-c");

    nothingRunsUncounted();
  }

  @Test
  void haproxyCountsEveryRequestThatRuns() throws IOException {
    start("haproxy", "haproxy.cfg", """
      global
        log stdout format raw local0
      defaults
        mode http
        log global
        log-format %%rt\\ %%r
        timeout connect 5s
        timeout client 5s
        timeout server 5s
      frontend students
        bind 127.0.0.1:%3$d
        option forwardfor
        default_backend anteroom
      backend anteroom
        http-reuse always
        server node 127.0.0.1:%2$d
      """, "-f");

    nothingRunsUncounted();
  }

  private void nothingRunsUncounted() throws IOException {
    house.comfy.answers("/x", request -> request.body().onSuccess(body -> request.response().end(body)));
    List<Arguments> rows = SmugglingAttacksTest.refused().toList();

    for (int row = 0; row < rows.size(); row++) {
      // As of a client of its own, for none of these is to be refused for its rate alone.
      String client = "Host: localhost\r\nX-Forwarded-For: 203.0.113." + (row + 1) + "\r\n";
      String bytes = rows.get(row).get()[1] + SMUGGLED + "\r\n" + SMUGGLED + "Connection: close\r\n\r\n";
      try (RawClient raw = new RawClient(port)) {
        raw.say(bytes.replace("Host: localhost\r\n", client)).ends().rest();
      }
    }

    assertThat(RawClient.ask(port, "GET /u/alice/end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
      .startsWith("HTTP/1.1 200 ");
    until(() -> counted("/u/alice/end") == 1);
    assertThat(ran("/smuggled")).isLessThanOrEqualTo(counted("/smuggled"));
  }

  private long ran(String path) {
    return house.comfy.asked().stream().map(SmallInstance.Asked::uri).filter(path::equals).count();
  }

  private long counted(String path) {
    try (Stream<String> lines = Files.lines(log(), StandardCharsets.ISO_8859_1)) {
      // Each request has a number of its own; a line of HAProxy's may come twice.
      return lines.distinct().filter(line -> line.contains(path)).count();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private Path log() {
    return directory.resolve("requests.log");
  }

  /** The settings are given the log's path, Anteroom's port and the proxy's. */
  private void start(String name, String file, String settings, String... options) throws IOException {
    Optional<Path> program = installed(name);
    assumeTrue(program.isPresent(), name + " is not installed");
    Path written = Files.writeString(directory.resolve(file),
      settings.formatted(log(), house.settings.http().port(), port));
    List<String> command = Stream.of(Stream.of(program.get().toString()), Stream.of(options),
      Stream.of(written.toString())).flatMap(part -> part).toList();
    proxy = new ProcessBuilder(command).redirectErrorStream(true)
      .redirectOutput(name.equals("haproxy") ? log().toFile() : directory.resolve("said").toFile()).start();
    until(this::listens);
  }

  private boolean listens() {
    try (RawClient client = new RawClient(port)) {
      return client.canSay("");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Where distributions put it, too, though the path of a user may lack that. */
  private static Optional<Path> installed(String name) {
    return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
      .map(entry -> Path.of(entry, name)).filter(Files::isExecutable).findFirst();
  }
}
