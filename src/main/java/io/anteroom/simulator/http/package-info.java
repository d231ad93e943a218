/** The simulated routes, and the faults that can be ordered. */
package io.anteroom.simulator.http;
