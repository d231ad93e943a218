/** What the panel of ComfyUI shows and asks for: lists, history, jobs, cancels; from the queue and the instances. */
package io.anteroom.edge.panel;
