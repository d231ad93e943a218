package io.anteroom.edge.auth.isolation;

import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.IsolationSetup.Known;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.ReturnUrl;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInRoutes;
import io.anteroom.edge.auth.signin.SignInRoutes.Leaving;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.Identity;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * {@code /signin/door}: sends who is signed in, and may, to the door of a student, with a pass that counts once. And
 * who leaves, past his own door, where his page has stored things too.
 */
final class PublicOriginRoutes implements SignInMethod, Leaving {
  static final String NAME = "door";
  static final String ADDRESS = ReturnUrl.TO_A_DOOR;
  static final String PASSES = "pass";
  static final String FAREWELLS = "farewell";
  private static final Duration ON_THE_WAY = Duration.ofMinutes(1);

  private final StudentOrigins doors;
  private final MemberAuthorizer members;
  private final Known known;
  private final SignInCookie cookie;

  PublicOriginRoutes(StudentOrigins doors, MemberAuthorizer members, Known known, SignInCookie cookie) {
    this.doors = doors;
    this.members = members;
    this.known = known;
    this.cookie = cookie;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String begin() {
    return "";
  }

  @Override
  public Future<Void> handle(HttpServerRequest request, String step) {
    FormData asked = FormData.ofQuery(request);
    return members.of(request)
      .compose(member -> send(request, member, asked.get("owner"), asked.get("state")))
      .recover(failure -> failure instanceof ApiException refusal && refusal.code() == ApiException.Code.SIGN_IN_NEEDED
        ? SignInRoutes.toPage(request) : Future.failedFuture(failure));
  }

  @Override
  public Future<String> by(HttpServerRequest request, String user) {
    return known.directory().get().member(user).map(doors::of)
      .orElseGet(() -> Future.succeededFuture(""))
      .compose(door -> door.isEmpty() ? Leaving.TO_SIGN_IN.by(request, user)
        : known.signIns().putOnce(FAREWELLS, door, ON_THE_WAY).map(farewell ->
          "%s%s?farewell=%s".formatted(doors.origin(request, door), StudentOriginRoutes.LEAVE, farewell)));
  }

  private Future<Void> send(HttpServerRequest request, Member member, String owner, String state) {
    return member.at(known.directory().get(), owner).compose(visitor ->
      doors.of(visitor.user()).compose(door -> parent(request, member).compose(parent ->
        known.signIns().putOnce(PASSES, pass(door, visitor, member, parent, state).encode(), ON_THE_WAY).compose(pass ->
          Pages.redirect(request, "%s%s?pass=%s&state=%s".formatted(doors.origin(request, door),
            StudentOriginRoutes.ENTER, pass,
            Pages.encoded(state)))))));
  }

  private static HandoffTicket pass(String door, Access visitor, Member member, String parent, String state) {
    return new HandoffTicket(door, visitor.name(), member.identity(), parent, state, visitor.onlyLooks());
  }

  /**
   * He may have come by a token of the teaching system, and have an old cookie besides. Asked of the memory that let
   * him in: a sign-in that counts here and is over meanwhile is the parent of what then is not opened.
   */
  private Future<String> parent(HttpServerRequest request, Member member) {
    return cookie.token(request).map(token -> known.recent().find(SignInCookie.SCOPE, token).map(found -> found
        .filter(one -> one.user().equals(member.identity().user()))
        .map(one -> known.signIns().nameOf(SignInCookie.SCOPE, token)).orElse("")))
      .orElseGet(() -> Future.succeededFuture(""));
  }

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
  record HandoffTicket(String door, String owner, Identity who, String parent, String state, boolean looks) {

    String encode() {
      return new JsonObject().put("door", door).put("owner", owner).put("who", who.toJson()).put("parent", parent)
        .put("state", state).put("looks", looks).encode();
    }

    static HandoffTicket decode(String text) {
      JsonObject json = new JsonObject(text);
      return new HandoffTicket(json.getString("door"), json.getString("owner"), Identity.of(json.getJsonObject("who")),
        json.getString("parent"), json.getString("state"), json.getBoolean("looks"));
    }
  }
}
