package io.anteroom.cluster;

/**
 * The right that one task runs.
 *
 * @param counted false for one that was given because the cluster did not answer
 */
public record Permit(String id, boolean counted) {
}
