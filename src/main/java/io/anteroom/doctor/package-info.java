/** The checks of {@code doctor}: each finding says what is wrong and how to fix it. */
package io.anteroom.doctor;
