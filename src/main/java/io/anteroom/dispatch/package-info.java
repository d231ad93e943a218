/** Verticle: permit, claim, run, watch, finish, adopt. */
package io.anteroom.dispatch;
