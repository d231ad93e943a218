package io.anteroom.edge;

import io.anteroom.config.Auth;
import io.anteroom.config.Auth.Way;
import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.edge.auth.Authenticator;
import io.anteroom.edge.auth.Authorization;
import io.anteroom.edge.auth.CookieRecognizer;
import io.anteroom.edge.auth.FetchMetadata.OriginCheck;
import io.anteroom.edge.auth.HeaderRecognizer;
import io.anteroom.edge.auth.Members;
import io.anteroom.edge.auth.Members.MemberAuthenticator;
import io.anteroom.edge.auth.OpenAuthenticator;
import io.anteroom.edge.auth.Peers;
import io.anteroom.edge.auth.RecentSignIns;
import io.anteroom.edge.auth.Recognizer;
import io.anteroom.edge.auth.RefusedNames;
import io.anteroom.edge.auth.SignInCookie;
import io.anteroom.edge.auth.isolation.DoorHouse;
import io.anteroom.edge.auth.isolation.Doors;
import io.anteroom.edge.auth.jwt.TokenRecognizer;
import io.anteroom.edge.auth.lti.LtiWay;
import io.anteroom.edge.auth.oidc.OidcWay;
import io.anteroom.edge.auth.password.BasicRecognizer;
import io.anteroom.edge.auth.password.Passwords;
import io.anteroom.edge.auth.signin.Entrance;
import io.anteroom.edge.auth.signin.Entrance.CookieEntrance;
import io.anteroom.edge.auth.signin.SignInPage;
import io.anteroom.edge.auth.signin.SignInPart;
import io.anteroom.edge.auth.signin.SignInRoutes;
import io.anteroom.edge.auth.signin.SignInRoutes.Leaving;
import io.anteroom.edge.auth.signin.SignInWay;
import io.anteroom.edge.auth.signin.SignInWay.WayParts;
import io.anteroom.identity.SignIns;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How people come in at one edge: the ways that the settings open, put together.
 *
 * @param authenticator tells who asks
 * @param members       finds out who of the lab is in the hall; empty where anybody may be anybody
 * @param signIn        the pages of signing in and out; empty where nobody needs to
 * @param doors         of the students; empty where all is one origin
 */
public record Gate(
    Authenticator authenticator, Optional<Members> members, Optional<SignInPart> signIn, Optional<Doors> doors) {

  /**
   * What a gate is made of.
   *
   * @param context of the edge: all of it is used there only
   */
  public record Parts(Context context, Settings settings, Supplier<Directory> directory, SignInStore store,
      Peers peers) {
    private Auth auth() {
      return settings.auth();
    }
  }

  /** Tells which pages may act through a browser that comes in here. */
  public OriginCheck origins(Peers peers) {
    return new OriginCheck(request -> doors.map(found -> found.own(request))
      .orElseGet(() -> peers.ownOrigin(request)));
  }

  /** Fails with words for the administrator when a way is open that can let nobody in. */
  public static Future<Gate> of(Parts parts) {
    if (parts.auth().isOpen()) {
      return Future.succeededFuture(new Gate(new OpenAuthenticator(parts.directory()), Optional.empty(),
        Optional.empty(), Optional.empty()));
    }
    SignInCookie cookie = new SignInCookie(parts.peers());
    Entrance entrance =
      new CookieEntrance(parts.store().signIns(), cookie, parts.peers(), parts.directory(), parts.auth().lifetime());
    WayParts made = new WayParts(parts.context().owner(), parts.auth(), parts.store().signIns(), parts.peers(),
      entrance);
    return tokens(made).compose(tokens -> ways(made).map(ways -> guarded(parts, cookie, entrance, tokens, ways)));
  }

  private static Future<List<Recognizer>> tokens(WayParts parts) {
    return parts.auth().has(Way.JWT)
      ? TokenRecognizer.open(parts.vertx(), parts.auth(), parts.signIns()).map(List::of)
      : Future.succeededFuture(List.of());
  }

  private static Future<List<SignInWay>> ways(WayParts parts) {
    List<Future<SignInWay>> opening = new ArrayList<>();
    if (parts.auth().has(Way.OIDC)) {
      opening.add(OidcWay.open(parts));
    }
    if (parts.auth().has(Way.LTI)) {
      opening.add(LtiWay.open(parts));
    }
    return Future.all(opening).map(opened -> opened.list());
  }

  private static Gate guarded(Parts parts, SignInCookie cookie, Entrance entrance, List<Recognizer> tokens,
      List<SignInWay> ways) {
    RecentSignIns recent = new RecentSignIns(parts.store().signIns(), Clock.systemUTC());
    SignIns signIns = parts.store().signIns();
    Optional<Passwords> passwords = passwords(parts);
    List<Recognizer> basic = passwords.<Recognizer>map(checks -> new BasicRecognizer(parts.context().owner(),
      checks, parts.store(), recent, parts.peers(), parts.directory())).stream().toList();
    Members members =
      new Members(recognizers(parts, new CookieRecognizer(recent, cookie), tokens, basic), parts.directory());
    Optional<DoorHouse> doors = Doors.of(parts.settings().http(), parts.peers(), signIns).map(found -> new DoorHouse(
      found, new DoorHouse.Known(parts.peers(), signIns, recent, parts.directory()), members, cookie,
      new Members(ofPrograms(tokens, basic), parts.directory())));
    List<SignInWay> all = new ArrayList<>(ways);
    doors.ifPresent(house -> all.add(house.way()));
    SignInPage page = new SignInPage(request -> doors.map(house -> house.doors().all(request)).orElse(""));
    SignInPart hall = new SignInRoutes(new SignInRoutes.House(signIns, parts.directory(),
      page, cookie, recent, parts.peers(), entrance, passwords, List.copyOf(all),
      doors.map(DoorHouse::leaving).orElse(Leaving.TO_SIGN_IN)));
    Authenticator authenticator = new MemberAuthenticator(members);
    return doors.map(house -> new Gate(house.authenticator(authenticator), Optional.of(members),
        Optional.of(house.signIn(hall, parts.auth().lifetime())), Optional.of(house.doors())))
      .orElseGet(() -> new Gate(authenticator, Optional.of(members), Optional.of(hall), Optional.empty()));
  }

  /** Basic comes last: a proxy in front may have asked browsers for credentials of its own. */
  private static List<Recognizer> recognizers(Parts parts, Recognizer byCookie, List<Recognizer> tokens,
      List<Recognizer> basic) {
    List<Recognizer> recognizers = new ArrayList<>(List.of(byCookie));
    recognizers.addAll(tokens);
    if (parts.auth().has(Way.HEADER)) {
      recognizers.add(new HeaderRecognizer(parts.peers(), parts.auth().header(),
        RefusedNames.of(parts.context().owner())));
    }
    recognizers.addAll(basic);
    return recognizers;
  }

  /** What no browser sends by itself: a token counts in {@code Authorization} alone, not as a cookie. */
  private static List<Recognizer> ofPrograms(List<Recognizer> tokens, List<Recognizer> basic) {
    List<Recognizer> recognizers = new ArrayList<>(basic);
    tokens.forEach(token -> recognizers.add(request -> Authorization.has(request, Authorization.BEARER)
      ? token.recognize(request) : Future.succeededFuture(Optional.empty())));
    return recognizers;
  }

  private static Optional<Passwords> passwords(Parts parts) {
    return parts.auth().has(Way.USERS)
      ? Optional.of(new Passwords(parts.context(), parts.store().signIns(), parts.store().passwords()))
      : Optional.empty();
  }
}
