/** Requests to instances, and the bound on the memory that their responses may take. */
package io.anteroom.comfy.http;
