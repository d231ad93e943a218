/** ComfyUI's queue, history and job lists, composed for one user, and their actions. */
package io.anteroom.edge.panel;
