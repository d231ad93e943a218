package io.anteroom.edge;

import io.anteroom.config.Directory;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.Members;
import io.anteroom.edge.html.Pages;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /} where one signs in: leads a student to his own page, and lets who may look at others choose. */
final class StartRoute {
  private static final Pattern PART = Pattern.compile("(?:^|&)" + StartPage.PART + "=(\\d{1,6})(?:&|$)");

  private final Members members;
  private final Rates rates;
  private final Supplier<Directory> directory;
  private final boolean showsOthers;

  /** @param showsOthers whether anybody's page can be shown to somebody else */
  StartRoute(Members members, Rates rates, Supplier<Directory> directory, boolean showsOthers) {
    this.members = members;
    this.rates = rates;
    this.directory = directory;
    this.showsOthers = showsOthers;
  }

  /** Refused when it is not known who asks. */
  Future<Void> handle(HttpServerRequest request) {
    return members.of(request)
      .compose(member -> rates.admit(request, member.user().name(), member))
      .compose(member -> member.mayLook()
        ? Pages.html(request, 200, page(member).html(part(request)), "")
        : Pages.redirect(request, member.start()));
  }

  private StartPage page(Member member) {
    Directory now = directory.get();
    return new StartPage(member, now.home(member.user()).isPresent(),
      showsOthers ? Optional.of(member.others(now)) : Optional.empty());
  }

  private static int part(HttpServerRequest request) {
    Matcher wanted = PART.matcher(Objects.requireNonNullElse(request.query(), ""));
    return wanted.find() ? Integer.parseInt(wanted.group(1)) : 1;
  }
}
