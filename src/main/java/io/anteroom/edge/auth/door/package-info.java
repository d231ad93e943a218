/** An origin for each student: the hall, where one signs in, and the doors, each with one student's page behind it. */
package io.anteroom.edge.auth.door;
