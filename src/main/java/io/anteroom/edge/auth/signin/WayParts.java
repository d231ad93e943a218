package io.anteroom.edge.auth.signin;

import io.anteroom.config.Auth;
import io.anteroom.edge.auth.Peers;
import io.anteroom.identity.SignIns;
import io.vertx.core.Vertx;

/** What a way to sign in is made of. */
public record WayParts(Vertx vertx, Auth auth, SignIns signIns, Peers peers, Entrance entrance) {
}
