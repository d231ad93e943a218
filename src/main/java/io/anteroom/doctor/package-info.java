/** The checks of {@code doctor}: each finding says what is wrong and what to do about it. */
package io.anteroom.doctor;
