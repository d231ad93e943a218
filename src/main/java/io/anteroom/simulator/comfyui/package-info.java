/** What ComfyUI itself brings: versions, node classes, Python's texts. */
package io.anteroom.simulator.comfyui;
