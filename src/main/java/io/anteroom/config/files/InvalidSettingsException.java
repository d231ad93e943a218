package io.anteroom.config.files;

import java.util.List;

/** Settings or files that Anteroom cannot start with: everything that is wrong with them, at once. */
public final class InvalidSettingsException extends RuntimeException {
  private final List<String> complaints;

  public InvalidSettingsException(List<String> complaints) {
    super("%d to be put right:%n- %s".formatted(complaints.size(), String.join("%n- ".formatted(), complaints)));
    this.complaints = List.copyOf(complaints);
  }

  /** One sentence for each thing that is wrong: where it is, what it is, what would be right. */
  public List<String> complaints() {
    return complaints;
  }
}
