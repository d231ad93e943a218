/** The event-bus contract: every address, and every message with its JSON form. All access to the event bus. */
package io.anteroom.bus;
