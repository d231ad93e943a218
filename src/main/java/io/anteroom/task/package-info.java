/** The domain: what a task is, which states it has, and the errors of the API. Depends on Java alone. */
package io.anteroom.task;
