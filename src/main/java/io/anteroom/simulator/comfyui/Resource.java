package io.anteroom.simulator.comfyui;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads the simulator's own files from the class path, once, at the start. */
public final class Resource {

  private Resource() {
  }

  public static Buffer bytes(String name) {
    try (InputStream in = Resource.class.getResourceAsStream("/simulator/" + name)) {
      if (in == null) {
        throw new IllegalStateException("simulator/" + name + " is missing on the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
