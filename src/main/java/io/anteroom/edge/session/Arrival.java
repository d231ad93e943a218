package io.anteroom.edge.session;

/**
 * What a browser asks for when it comes.
 *
 * @param user     whose page it shows
 * @param clientId the id that it wishes for; may be empty, or anybody's
 * @param query    what else stands in the query of its address, raw, each with an ampersand in front
 * @param cookie   what an instance may see of its cookies; empty for none
 */
public record Arrival(String user, String clientId, String query, String cookie) {
}
