/** The waiting room in front of ComfyUI: the command line that starts it. */
package io.anteroom;
