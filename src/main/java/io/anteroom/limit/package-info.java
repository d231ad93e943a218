/** The port of the cluster-wide semaphore in front of the queue. */
package io.anteroom.limit;
