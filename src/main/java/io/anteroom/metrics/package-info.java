/** The metrics registry: every metric by name, counted on this node. */
package io.anteroom.metrics;
