package io.anteroom.identity;

/** The log of who signed in, was refused, or looked at another user's workspace; no rate limit shortens it. */
public final class AuditLog {
  /** The name of its logger. */
  public static final String NAME = "audit";

  private AuditLog() {
  }
}
