/** Files that settings are read from: watched until they stand still, and why one of them cannot be used. */
package io.anteroom.config.files;
