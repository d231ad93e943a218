/** ComfyUI's HTTP and WebSocket protocol as a client; its paths and field names, once. */
package io.anteroom.comfy;
