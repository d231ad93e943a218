/** Redis behind the queue's port: keys, scripts, one connection that comes back, and a Redis of our own. */
package io.anteroom.queue.redis;
