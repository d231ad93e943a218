/** Files that settings are read from: watching them for changes, and why one of them cannot be used. */
package io.anteroom.config.files;
