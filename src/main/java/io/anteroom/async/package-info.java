/** Two small tools for event loops: coalesce requests that are alike, run one task at a time. */
package io.anteroom.async;
