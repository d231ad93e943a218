package io.anteroom.comfy.protocol;

/** An instance answered, but not as a ComfyUI does. */
public final class ComfyException extends RuntimeException {
  private final String shown;

  public ComfyException(String message) {
    this(message, "");
  }

  private ComfyException(String message, String shown) {
    super(message, null, false, false);
    this.shown = shown;
  }

  /** This status came; for a redirect the address to which it leads is in the message alone. */
  public static ComfyException answered(String path, int status, String location) {
    boolean leads = status >= 300 && status < 400 && !location.isEmpty();
    return new ComfyException("%s answered %d%s".formatted(path, status, leads ? " and leads to " + location : ""),
      String.valueOf(status));
  }

  /** 200 came, with something else in it. */
  public static ComfyException otherBody(String path, String mediaType) {
    String type = mediaType.isEmpty() ? "no content type" : mediaType.replaceFirst(";.*", "").strip();
    return new ComfyException("%s answered 200 %s".formatted(path, type), type);
  }

  /** What of the answer can be shown to everybody; empty for nothing. */
  public String shown() {
    return shown;
  }
}
