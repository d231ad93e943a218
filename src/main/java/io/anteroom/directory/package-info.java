/** The lab's users and instances, as {@code users.csv} and {@code instances.csv} list them. */
package io.anteroom.directory;
