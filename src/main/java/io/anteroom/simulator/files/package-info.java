/** The files and assets of a simulated instance. */
package io.anteroom.simulator.files;
