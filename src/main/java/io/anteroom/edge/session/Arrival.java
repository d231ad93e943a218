package io.anteroom.edge.session;

/**
 * What a browser asks for when it comes.
 *
 * @param user     whose page it shows
 * @param clientId the id that it wishes for; may be empty, or anybody's
 * @param query    what else stands in the query of its address, raw, each with an ampersand in front
 * @param cookie   what an instance may see of its cookies; empty for none
 * @param onlyLooks whether it belongs to somebody who may look: what it says is not heard
 */
public record Arrival(String user, String clientId, String query, String cookie, boolean onlyLooks) {

  /** Of a session that no browser has begun. */
  static Arrival ofNobody(String user, String clientId) {
    return new Arrival(user, clientId, "", "", false);
  }
}
