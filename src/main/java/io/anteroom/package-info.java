/** The waiting room in front of ComfyUI. */
package io.anteroom;
