package io.anteroom.config.files;

import java.util.List;

/** All errors in the settings, or in the files they name, that keep Anteroom from starting. */
public final class InvalidSettingsException extends RuntimeException {
  private final List<String> complaints;

  public InvalidSettingsException(List<String> complaints) {
    super("%d configuration error%s:%n- %s".formatted(complaints.size(), complaints.size() == 1 ? "" : "s",
      String.join("%n- ".formatted(), complaints)));
    this.complaints = List.copyOf(complaints);
  }

  /** One sentence for each error: where it is, the invalid value, what is expected. */
  public List<String> complaints() {
    return complaints;
  }
}
