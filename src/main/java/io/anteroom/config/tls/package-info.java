/** Certificates, their keys and the authorities that are trusted: PEM files that are checked before they are used. */
package io.anteroom.config.tls;
