/** What the routes share: raw URIs, responses, errors, pages. */
package io.anteroom.edge.http;
