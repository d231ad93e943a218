package io.anteroom.cluster;

/**
 * This node as one of its cluster.
 *
 * @param life       the present one
 * @param semaphore  the permits that all nodes share
 * @param departures the other nodes that leave
 */
public record Membership(Life life, ClusterSemaphore semaphore, Departures departures) {
}
