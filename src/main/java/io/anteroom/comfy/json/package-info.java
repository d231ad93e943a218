/** Streaming readers for Python's superset of JSON, which build only what is needed. */
package io.anteroom.comfy.json;
