/** The Redis that a node starts for itself: its binary, its data folder, its process. */
package io.anteroom.redis.embedded;
