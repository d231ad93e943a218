/** Verticle: submits, cancels and lists tasks; the queue API on the event bus. */
package io.anteroom.queueapi;
