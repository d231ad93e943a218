/** Verticle: permit, claim, run, watch, finish, recover. */
package io.anteroom.dispatch;
