/** {@code /object_info} of each instance: fetched once, coalesced and cached. */
package io.anteroom.comfy.objectinfo;
