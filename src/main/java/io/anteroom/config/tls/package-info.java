/** Certificates, private keys and trusted authorities in PEM files, checked before they are used. */
package io.anteroom.config.tls;
