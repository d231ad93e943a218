/** The pages that are our own, for people to read: their frame, their headers, and what all of them say alike. */
package io.anteroom.edge.html;
