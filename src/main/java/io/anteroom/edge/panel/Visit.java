package io.anteroom.edge.panel;

import io.anteroom.config.Instance;

/**
 * Whose panel asks.
 *
 * @param home   the instance whose page the student sees
 * @param shared whether others run on that instance too, so that only what is known to be the student's may be told
 */
public record Visit(String user, Instance home, boolean shared) {
}
