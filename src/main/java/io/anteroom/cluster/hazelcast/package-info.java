/** The Hazelcast adapter of the cluster: configuration, membership, the shared permit table. */
package io.anteroom.cluster.hazelcast;
