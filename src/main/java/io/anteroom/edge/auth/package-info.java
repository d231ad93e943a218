/** Authentication, authorization, CSRF protection and cookies. */
package io.anteroom.edge.auth;
