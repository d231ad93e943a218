/** A strict JSON parser over bytes, in one pass and bounded: it builds nothing that is not asked for. */
package io.anteroom.queueapi.json;
