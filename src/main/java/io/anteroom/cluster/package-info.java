/** The ports of the cluster: the semaphore in front of the queue, and membership. */
package io.anteroom.cluster;
