package io.anteroom.edge.auth.isolation;

import io.anteroom.identity.Identity;
import io.vertx.core.json.JsonObject;

/**
 * What the hall says to a door of somebody whom it sends there.
 *
 * @param door   the only one that it is for
 * @param owner  whose page is behind it
 * @param who    comes
 * @param parent what the store knows his sign-in in the hall by; empty where he has none that could end
 * @param state  of the errand on which he has come from the door
 * @param looks  whether he may only look
 */
record Pass(String door, String owner, Identity who, String parent, String state, boolean looks) {

  String encode() {
    return new JsonObject().put("door", door).put("owner", owner).put("who", who.toJson()).put("parent", parent)
      .put("state", state).put("looks", looks).encode();
  }

  static Pass decode(String text) {
    JsonObject json = new JsonObject(text);
    return new Pass(json.getString("door"), json.getString("owner"), Identity.of(json.getJsonObject("who")),
      json.getString("parent"), json.getString("state"), json.getBoolean("looks"));
  }
}
