/** All settings as immutable records that check themselves, and one loader. */
package io.anteroom.config;
