/** The event-bus contract: every address, and every message with its JSON form. The only door to the event bus. */
package io.anteroom.bus;
