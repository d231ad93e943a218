package io.anteroom.comfy.protocol;

/** An instance answered, but not like a ComfyUI. */
public final class ComfyException extends RuntimeException {
  private final String shown;

  public ComfyException(String message) {
    this(message, "");
  }

  private ComfyException(String message, String shown) {
    super(message, null, false, false);
    this.shown = shown;
  }

  /** An unexpected status; the target of a redirect is only in the message. */
  public static ComfyException answered(String path, int status, String location) {
    boolean leads = status >= 300 && status < 400 && !location.isEmpty();
    return new ComfyException("%s answered %d%s".formatted(path, status, leads ? " and leads to " + location : ""),
      String.valueOf(status));
  }

  /** Status 200 with another content type. */
  public static ComfyException otherBody(String path, String mediaType) {
    String type = mediaType.isEmpty() ? "no content type" : mediaType.replaceFirst(";.*", "").strip();
    return new ComfyException("%s answered 200 %s".formatted(path, type), type);
  }

  /** The detail that every user may see; empty for none. */
  public String shown() {
    return shown;
  }
}
