/**
 * A ComfyUI without a GPU: faithful on the wire to recordings of real versions, with fault injection and a
 * ledger of what really ran. Used by the demo, rehearsals of a class, and every test of the limit.
 */
package io.anteroom.simulator;
