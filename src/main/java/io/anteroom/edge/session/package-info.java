/** One student's WebSocket session: the browsers on one side, the instance on the other. */
package io.anteroom.edge.session;
