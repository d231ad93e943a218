/** One node from its start to its graceful shutdown: what is launched in which order, reloaded, and guarded. */
package io.anteroom.node;
