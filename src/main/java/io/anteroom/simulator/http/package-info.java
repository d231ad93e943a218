/** The simulated routes, and fault injection. */
package io.anteroom.simulator.http;
