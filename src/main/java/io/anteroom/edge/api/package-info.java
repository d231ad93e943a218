/** The queue's HTTP API: submit, status, cancel, event streams. */
package io.anteroom.edge.api;
