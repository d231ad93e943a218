package io.anteroom.edge.student;

import io.anteroom.directory.Directory;
import io.anteroom.edge.admission.Rates;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.Members;
import io.anteroom.edge.http.Pages;
import io.anteroom.edge.http.RawUri;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code /} where one signs in: leads a student to his own page, and lets who may look at others choose. */
public final class StartRoute {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  private final Members members;
  private final Rates rates;
  private final Supplier<Directory> directory;
  private final boolean showsOthers;

  /** @param showsOthers whether anybody's page can be shown to somebody else */
  public StartRoute(Members members, Rates rates, Supplier<Directory> directory, boolean showsOthers) {
    this.members = members;
    this.rates = rates;
    this.directory = directory;
    this.showsOthers = showsOthers;
  }

  /** Refused when it is not known who asks. */
  Future<Void> handle(HttpServerRequest request, RawUri uri) {
    return members.of(request)
      .compose(member -> rates.admit(request, member.user().name(), member))
      .compose(member -> member.mayLook()
        ? Pages.html(request, 200, page(member).html(part(request, uri)), "")
        : Pages.redirect(request, member.start()));
  }

  private StartPage page(Member member) {
    Directory now = directory.get();
    return new StartPage(member, now.home(member.user()).isPresent(),
      showsOthers ? Optional.of(member.others(now)) : Optional.empty());
  }

  private static int part(HttpServerRequest request, RawUri uri) {
    String wanted = uri.hasReadableQuery() ? request.getParam(StartPage.PART, "") : "";
    return NUMBER.matcher(wanted).matches() ? Integer.parseInt(wanted) : 1;
  }
}
