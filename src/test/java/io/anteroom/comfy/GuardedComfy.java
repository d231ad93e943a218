package io.anteroom.comfy;

import static io.anteroom.support.Awaited.done;

import io.anteroom.directory.Instance;
import io.anteroom.simulator.Simulator;
import io.anteroom.support.FreePorts;
import io.anteroom.support.client.Python;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An instance with a guard in it, which can die and come back. */
interface GuardedComfy extends AutoCloseable {

  Instance instance();

  /** Dies with all that is only in memory, and starts again at the same address. */
  void crash();

  @Override
  void close();

  private static Instance at(int port) {
    return new Instance("pc", URI.create("http://127.0.0.1:" + port), "pc", 1);
  }

  /** The simulator's. */
  static GuardedComfy simulated(Vertx vertx, String secret) {
    Simulator simulator = new Simulator(vertx, Simulator.Options.of(1).withGuard(secret));
    done(simulator.start());
    return new GuardedComfy() {
      @Override
      public Instance instance() {
        return at(simulator.instance(0).port());
      }

      @Override
      public void crash() {
        done(simulator.instance(0).restart());
      }

      @Override
      public void close() {
        done(simulator.stop());
      }
    };
  }

  /** The real guard, on CPython, in a server with ComfyUI's manners. */
  static GuardedComfy real(Path userDirectory, String secret) {
    return new OnPython(userDirectory, secret);
  }

  /** One process at a time. */
  final class OnPython implements GuardedComfy {
    private static final Path GUARD = Path.of("src", "guard").toAbsolutePath();

    private final int port = FreePorts.next();
    private final Path userDirectory;
    private final String secret;
    private Process process;

    private OnPython(Path userDirectory, String secret) {
      this.userDirectory = userDirectory;
      this.secret = secret;
      start();
    }

    @Override
    public Instance instance() {
      return at(port);
    }

    @Override
    public void crash() {
      close();
      start();
    }

    @Override
    public void close() {
      try {
        process.destroyForcibly().waitFor();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }

    private void start() {
      ProcessBuilder builder = new ProcessBuilder(Python.executable().toString(),
        GUARD.resolve("tests/stand_in/main.py").toString(), "--port", String.valueOf(port),
        "--user-directory", userDirectory.toString(), "--custom-nodes", GUARD.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("ANTEROOM_GUARD_SECRET", secret);
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      try {
        process = builder.start();
        String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
        if (!"listening".equals(said)) {
          throw new AssertionError("the server did not start, it said: " + said);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
