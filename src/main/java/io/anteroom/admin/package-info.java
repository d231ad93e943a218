/** Verticle: the admin port with metrics and readiness, and the cluster's sum of all metrics. */
package io.anteroom.admin;
