package io.anteroom.edge.auth.isolation;

import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.auth.SignInCache;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.signin.FormData;
import io.anteroom.edge.auth.signin.ReturnUrl;
import io.anteroom.edge.auth.signin.SignInMethod;
import io.anteroom.edge.auth.signin.SignInRoutes.SignOutRedirect;
import io.anteroom.edge.auth.signin.SignInRoutes;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.identity.Identity;
import io.anteroom.identity.SignInStore;
import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * {@code /signin/door}: sends a signed-in user who has access to a student's origin, with a one-time ticket; and on
 * sign-out through the user's own origin, where their page has stored data too.
 */
final class PublicOriginRoutes implements SignInMethod, SignOutRedirect {
  static final String NAME = "door";
  static final String ADDRESS = ReturnUrl.TO_STUDENT_ORIGIN;
  static final String TICKETS = "pass";
  static final String SIGN_OUTS = "farewell";
  private static final Duration TICKET_LIFETIME = Duration.ofMinutes(1);

  private final StudentOrigins origins;
  private final MemberAuthorizer members;
  private final SignInStore signIns;
  private final SignInCache recent;
  private final Supplier<Directory> directory;
  private final SignInCookie cookie;

  PublicOriginRoutes(StudentOrigins origins, MemberAuthorizer members, SignInStore signIns, SignInCache recent,
      Supplier<Directory> directory, SignInCookie cookie) {
    this.origins = origins;
    this.members = members;
    this.signIns = signIns;
    this.recent = recent;
    this.directory = directory;
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
    FormData query = FormData.ofQuery(request);
    return members.of(request)
      .compose(member -> send(request, member, query.get("owner"), query.get("state")))
      .recover(failure -> failure instanceof ApiException error && error.code() == ApiException.Code.SIGN_IN_NEEDED
        ? SignInRoutes.toPage(request) : Future.failedFuture(failure));
  }

  @Override
  public Future<String> target(HttpServerRequest request, String user) {
    return directory.get().member(user).map(origins::of)
      .orElseGet(() -> Future.succeededFuture(""))
      .compose(origin -> origin.isEmpty() ? SignOutRedirect.TO_SIGN_IN.target(request, user)
        : signIns.putOnce(SIGN_OUTS, origin, TICKET_LIFETIME).map(ticket ->
          "%s%s?farewell=%s".formatted(origins.origin(request, origin), StudentOriginRoutes.LEAVE, ticket)));
  }

  private Future<Void> send(HttpServerRequest request, Member member, String owner, String state) {
    return member.at(directory.get(), owner).compose(access ->
      origins.of(access.user()).compose(origin -> parent(request, member).compose(parent ->
        signIns.putOnce(TICKETS, ticket(origin, access, member, parent, state).encode(), TICKET_LIFETIME)
          .compose(ticket -> Pages.redirect(request, "%s%s?pass=%s&state=%s".formatted(origins.origin(request, origin),
            StudentOriginRoutes.ENTER, ticket,
            Pages.encoded(state)))))));
  }

  private static HandoffTicket ticket(String origin, Access access, Member member, String parent, String state) {
    return new HandoffTicket(origin, access.name(), member.identity(), parent, state, access.readOnly());
  }

  /**
   * The member may have authenticated by a token of the teaching system, with an old cookie besides. The lookup uses
   * the same cache as the authentication: if that sign-in has ended meanwhile, no child sign-in is opened below it.
   */
  private Future<String> parent(HttpServerRequest request, Member member) {
    return cookie.token(request).map(token -> recent.find(SignInCookie.SCOPE, token).map(found -> found
        .filter(one -> one.user().equals(member.identity().user()))
        .map(one -> signIns.nameOf(SignInCookie.SCOPE, token)).orElse("")))
      .orElseGet(() -> Future.succeededFuture(""));
  }

  /**
   * A one-time ticket by which the public origin hands a user over to a student's origin.
   *
   * @param origin   the only one where it is valid
   * @param owner    whose pages that origin serves
   * @param identity of the user
   * @param parent   the id of the user's sign-in at the public origin; empty where there is none that could end
   * @param state    the sign-in state that the student's origin began
   * @param readOnly whether the user is a viewer
   */
  record HandoffTicket(String origin, String owner, Identity identity, String parent, String state,
      boolean readOnly) {

    String encode() {
      return new JsonObject().put("door", origin).put("owner", owner).put("who", identity.toJson())
        .put("parent", parent).put("state", state).put("looks", readOnly).encode();
    }

    static HandoffTicket decode(String text) {
      JsonObject json = new JsonObject(text);
      return new HandoffTicket(json.getString("door"), json.getString("owner"), Identity.of(json.getJsonObject("who")),
        json.getString("parent"), json.getString("state"), json.getBoolean("looks"));
    }
  }
}
