/** Verticle: fetches a page, injects the script tag, and monitors that the script runs. */
package io.anteroom.injection;
