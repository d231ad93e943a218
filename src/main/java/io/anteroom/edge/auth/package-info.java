/** Who somebody is, and whether a browser may ask on his behalf. */
package io.anteroom.edge.auth;
