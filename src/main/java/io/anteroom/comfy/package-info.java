/** ComfyUI's HTTP and WebSocket protocol as a client; its paths and field names are written here, once. */
package io.anteroom.comfy;
