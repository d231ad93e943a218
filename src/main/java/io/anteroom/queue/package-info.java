/** The port of the queue: submit, claim, renew, finish, recover, with the guarantee of each. */
package io.anteroom.queue;
