/** The simulated prompt queue, execution, caches, files and history. */
package io.anteroom.simulator.execution;
