package io.anteroom.injection;

/**
 * What is to be done with one version of a page; the same for all pages that begin alike.
 *
 * @param place   in bytes, where the tag goes
 * @param nonce   what the tag has to carry; empty when nothing
 * @param charset what the content type has to name because our tag moves the page's own word for it; empty when nothing
 */
record Plan(Verdict verdict, int place, String nonce, String charset) {

  /** The page stays as it is. */
  static Plan skip(Verdict reason) {
    return new Plan(reason, 0, "", "");
  }
}
