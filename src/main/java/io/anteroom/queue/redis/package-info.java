/** Redis behind the ports of queue and sign-ins: keys, scripts, a connection that comes back, a Redis of our own. */
package io.anteroom.queue.redis;
