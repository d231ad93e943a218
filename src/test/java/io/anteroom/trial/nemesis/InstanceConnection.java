package io.anteroom.trial.nemesis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connection to one instance, on which a prompt that was sent can be held for a while before it goes on. */
public final class InstanceConnection implements AutoCloseable {
  private static final String PROMPT = "POST /prompt ";
  private static final int CHUNK = 64 * 1024;

  private final String instance;
  private final URI target;
  private final Interceptor interceptor;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Called before each prompt goes on; returns when it may. */
  public interface Interceptor {
    void beforePrompt(String instance) throws InterruptedException;
  }

  public InstanceConnection(String instance, String url, Interceptor interceptor) {
    this.instance = instance;
    this.target = URI.create(url);
    this.interceptor = interceptor;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    start(this::accept);
  }

  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket comfy = new Socket(target.getHost(), target.getPort());
      sockets.add(client);
      sockets.add(comfy);
      start(() -> pump(client, comfy, true));
      start(() -> pump(comfy, client, false));
    }
  }

  private void pump(Socket from, Socket to, boolean isRequest) throws IOException, InterruptedException {
    try (from; to) {
      byte[] chunk = new byte[CHUNK];
      InputStream in = from.getInputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        if (isRequest && new String(chunk, 0, length, StandardCharsets.ISO_8859_1).startsWith(PROMPT)) {
          interceptor.beforePrompt(instance);
        }
        to.getOutputStream().write(chunk, 0, length);
      }
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void start(Work work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException | InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    }, "instance-connection");
    thread.setDaemon(true);
    thread.start();
  }

  /** What a thread of a connection does until it is closed. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }
}
