/** Signed tokens of others: the keys that they are checked by, and whom they name. */
package io.anteroom.edge.auth.token;
