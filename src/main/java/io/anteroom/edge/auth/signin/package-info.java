/** The sign-in pages, the OAuth state of a sign-in under way, and where it returns to. */
package io.anteroom.edge.auth.signin;
