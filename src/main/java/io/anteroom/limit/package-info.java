/** The ports of the cluster: the semaphore in front of the queue, and who leaves. */
package io.anteroom.limit;
