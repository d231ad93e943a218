/** The domain: what a task is, what it is in, and why it was refused. Knows nothing but Java. */
package io.anteroom.task;
