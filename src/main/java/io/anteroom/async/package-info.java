/** Small tools for event loops: coalesce requests that are alike, run one task at a time, read the monotonic clock. */
package io.anteroom.async;
