/** ComfyUI's paths and field names, written once, and the guard's; what an instance did not answer as it should. */
package io.anteroom.comfy.protocol;
