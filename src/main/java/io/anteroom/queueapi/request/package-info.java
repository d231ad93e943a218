/** A submitted request: a strict streaming JSON parser with bounded memory, and the payload composed from it. */
package io.anteroom.queueapi.request;
