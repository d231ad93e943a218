package io.anteroom.config;

import io.anteroom.net.PortRange;

/**
 * What keeps the page of one student from the page of another in the same browser.
 *
 * @param ports of the students, where each has his own; empty otherwise
 */
public record Isolation(By by, PortRange ports) {
  /** The address's path alone. */
  public static final Isolation NONE = new Isolation(By.PATH, PortRange.EMPTY);

  public Isolation {
    ports = by == By.PORT ? ports : PortRange.EMPTY;
  }

  /** By which part of the address students' pages differ. */
  public enum By {
    /** One origin for all: who has written a script for his page can read all that its browser keeps for others. */
    PATH,
    /** An origin for each student, without DNS. */
    PORT,
    /** An origin and cookies for each student: needs DNS and a certificate for all names below the public one. */
    HOST
  }
}
