/** The student's sockets. */
package io.anteroom.edge.session;
