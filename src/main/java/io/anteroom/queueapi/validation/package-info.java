/** Predicts whether ComfyUI accepts a workflow: its own validation, ahead of time and never stricter. */
package io.anteroom.queueapi.validation;
