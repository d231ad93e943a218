/** The Redis adapter of the queue and of sign-ins: keys, Lua scripts, a connection that reconnects. */
package io.anteroom.redis;
