/** What every HTTP server of a node has in common: languages, security headers, packed files. */
package io.anteroom.http;
