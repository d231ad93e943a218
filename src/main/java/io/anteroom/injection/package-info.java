/** The verticle {@code injection}: fetches a page, puts our script in, and watches that it runs. */
package io.anteroom.injection;
