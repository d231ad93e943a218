/** The commands besides {@code start} and {@code demo}: each checks, prints or changes one thing and exits. */
package io.anteroom.cli;
