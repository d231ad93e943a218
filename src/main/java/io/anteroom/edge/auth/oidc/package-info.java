/** Sign-in at an OpenID Connect provider. */
package io.anteroom.edge.auth.oidc;
