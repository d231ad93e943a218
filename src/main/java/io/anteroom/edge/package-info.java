/** Where students come in: the HTTP server, its routes, and the stream to the instance and back. */
package io.anteroom.edge;
