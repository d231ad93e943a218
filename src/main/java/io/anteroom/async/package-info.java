/** Small tools for event loops: coalesce requests, run one task at a time, bound caches, read the monotonic clock. */
package io.anteroom.async;
