/** Verticle {@code status}: status, position, estimate, and who is told what. */
package io.anteroom.status;
