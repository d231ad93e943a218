package io.anteroom.edge.session;

import io.anteroom.comfy.Told;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The last messages that tell how a run stands, for a browser that comes in the middle of it. */
final class Latest {
  private static final int LARGEST = 1 << 20;

  private String promptId = "";
  private Said start;
  private Said state;
  private Said executing;

  void note(Told told, Said said) {
    if (told.endsRun()) {
      forget(told.promptId());
      return;
    }
    if (told.promptId().isEmpty() || told.isVerdict()) {
      return;
    }
    if (!told.promptId().equals(promptId)) {
      forget(promptId);
      promptId = told.promptId();
    }
    Said kept = said.size() <= LARGEST ? said : null;
    switch (told.type()) {
      case Told.START -> start = kept;
      case Told.PROGRESS_STATE -> state = kept;
      case Told.EXECUTING -> executing = kept;
      default -> { }
    }
  }

  /** Forgets what was told of this task. */
  void forget(String ended) {
    if (promptId.equals(ended)) {
      promptId = "";
      start = null;
      state = null;
      executing = null;
    }
  }

  /** In the order in which a page expects them. */
  List<Said> words() {
    return Stream.of(start, state, executing).filter(Objects::nonNull).toList();
  }
}
