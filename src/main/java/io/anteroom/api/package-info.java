/** Verticle {@code api}: checks and repairs what comes in, submits, cancels. */
package io.anteroom.api;
