/** Verticle: the admin port with metrics and readiness, and the sum of metrics over the cluster. */
package io.anteroom.admin;
