/** The routes of one student's address: home page, assets, read-only access for teachers. */
package io.anteroom.edge.student;
