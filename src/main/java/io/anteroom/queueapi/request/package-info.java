/** A posted request: a strict JSON parser over bytes, in one pass and bounded, and the payload that is made of it. */
package io.anteroom.queueapi.request;
