/** Who is signed in, and the port of the store that remembers it. */
package io.anteroom.identity;
