/** Launches from Moodle, Canvas and other platforms by LTI 1.3. */
package io.anteroom.edge.auth.lti;
