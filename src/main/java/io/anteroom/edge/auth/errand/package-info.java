/** The way of a browser to somebody who vouches for it, and back. */
package io.anteroom.edge.auth.errand;
