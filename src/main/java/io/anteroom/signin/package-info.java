/** The port behind which it is remembered who is signed in. */
package io.anteroom.signin;
