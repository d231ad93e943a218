/** ComfyUI's versions, node classes and Python texts. */
package io.anteroom.simulator.comfyui;
