/** The paths and field names of ComfyUI and the guard, each written once, and the error of an unexpected response. */
package io.anteroom.comfy.protocol;
