/** ComfyUI's HTTP and WebSocket protocol as a client; its paths and field names stand here, once. */
package io.anteroom.comfy;
