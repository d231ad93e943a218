/** Verticle {@code metrics}: this node's figures on the bus each second, the cluster's sum, and the admin port. */
package io.anteroom.metrics;
