/** Network values: CIDR ranges, port ranges, loopback addresses. */
package io.anteroom.net;
