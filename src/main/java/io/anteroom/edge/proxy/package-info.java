/** The reverse proxy to a student's instance: pages, files, sockets, {@code /object_info}. */
package io.anteroom.edge.proxy;
