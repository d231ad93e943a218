/** The commands beside {@code start} and {@code demo}: each checks, prints or changes one thing and ends. */
package io.anteroom.cli;
