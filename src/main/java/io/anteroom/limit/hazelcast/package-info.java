/** Hazelcast behind the port: the node's place in the cluster, and the semaphore that all nodes share. */
package io.anteroom.limit.hazelcast;
