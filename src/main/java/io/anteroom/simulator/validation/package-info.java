/** ComfyUI's validation of a prompt, with its error texts. */
package io.anteroom.simulator.validation;
