/** All settings as immutable records, their options with defaults and units, and the sources they are read from. */
package io.anteroom.config;
