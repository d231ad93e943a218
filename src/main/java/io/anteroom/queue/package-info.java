/** The port of the queue: who waits, in which order, and what runs. */
package io.anteroom.queue;
