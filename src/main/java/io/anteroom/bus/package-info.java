/** The event-bus contract: every address, every message with its JSON. The only door to the event bus. */
package io.anteroom.bus;
