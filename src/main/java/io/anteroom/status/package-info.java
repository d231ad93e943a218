/** Verticle: status, queue position, estimated time, long polls. */
package io.anteroom.status;
