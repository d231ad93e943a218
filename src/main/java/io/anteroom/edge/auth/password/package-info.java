/** Passwords: hashes, the password file, one-time codes, HTTP Basic authentication. */
package io.anteroom.edge.auth.password;
