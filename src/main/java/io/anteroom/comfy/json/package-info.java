/** Python's JSON, which is more than JSON, read from streams without building what is not needed. */
package io.anteroom.comfy.json;
