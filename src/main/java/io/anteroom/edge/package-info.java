/**
 * Verticle: the HTTP listeners where students come in, and the router behind them. Its sub-packages stand in the
 * order in which a request meets them: admission, http, auth, student, api, panel, proxy, session.
 */
package io.anteroom.edge;
