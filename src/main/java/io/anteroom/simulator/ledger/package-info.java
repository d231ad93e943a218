/** The ledger of every run: what really ran, when, and how many at once. */
package io.anteroom.simulator.ledger;
