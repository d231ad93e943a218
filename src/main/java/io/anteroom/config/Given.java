package io.anteroom.config;

/**
 * A text that somebody gave for a setting.
 *
 * @param source      where, in words: a line of the file or a variable
 * @param byStudyName written as the feasibility study writes it
 */
record Given(String text, String source, boolean byStudyName) {
}
