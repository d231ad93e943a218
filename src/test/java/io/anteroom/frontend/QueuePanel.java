package io.anteroom.frontend;

import com.microsoft.playwright.Locator;
import java.util.regex.Pattern;

/** Where ComfyUI's page shows its runs. It was drawn anew twice in a year and a half; what it says is the same. */
interface QueuePanel {
  /** Shows it. */
  void open();

  /** The runs that wait. */
  Locator waiting();

  /** The run that goes on. */
  Locator running();

  /** The pictures of runs that are done. */
  Locator pictures();

  /** The small number, to be seen without opening the panel. */
  Locator badge();

  /** What the small number is when so many wait and so many run. */
  Pattern badgeFor(int waiting, int running);

  /** Presses what takes the first waiting run out of the queue. */
  void cancelWaiting();

  /** Presses what stops the run that goes on. */
  void cancelRunning();
}
