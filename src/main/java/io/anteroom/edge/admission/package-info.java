/** Before authentication: request smuggling, Host, rate and concurrency limits, bodies. */
package io.anteroom.edge.admission;
