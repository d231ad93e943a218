/** JSON Web Tokens (RFC 7519): verification, keys (JWKS), revocation. */
package io.anteroom.edge.auth.jwt;
