/** Origin isolation: an origin for each student's page, by host or by port, and the handoff ticket into it. */
package io.anteroom.edge.auth.isolation;
