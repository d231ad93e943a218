package io.anteroom.edge.student;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.RateLimiter;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.http.HtmlPages.Page;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.edge.http.RawUri;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code /} behind a sign-in: redirects students to their own page, and lists for others whose pages they may view. */
public final class HomePage {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  private final MemberAuthorizer members;
  private final RateLimiter rates;
  private final Supplier<Directory> directory;
  private final boolean showsOthers;

  /** @param showsOthers whether one user's page can be shown to another */
  public HomePage(MemberAuthorizer members, RateLimiter rates, Supplier<Directory> directory, boolean showsOthers) {
    this.members = members;
    this.rates = rates;
    this.directory = directory;
    this.showsOthers = showsOthers;
  }

  /** Fails when the user is not signed in. */
  Future<Void> handle(HttpServerRequest request, RawUri uri) {
    return members.of(request)
      .compose(member -> rates.admit(request, member.user().name(), member))
      .compose(member -> member.mayLook()
        ? Pages.send(request, page(member).part(part(request, uri)))
        : Pages.redirect(request, member.start()));
  }

  private StartPage page(Member member) {
    Directory now = directory.get();
    return new StartPage(member, now.home(member.user()).isPresent(),
      showsOthers ? Optional.of(member.others(now)) : Optional.empty());
  }

  private static int part(HttpServerRequest request, RawUri uri) {
    String number = uri.hasReadableQuery() ? request.getParam(StartPage.PART, "") : "";
    return NUMBER.matcher(number).matches() ? Integer.parseInt(number) : 1;
  }

  /** Some users, group by group; {@code part} of {@code parts}, counted from 1. */
  public record Listing(List<Group> groups, int part, int parts) {
  }

  /** @param name empty for users without a group */
  public record Group(String name, List<User> members) {
  }

  /**
   * The start page of a teacher or an administrator: links to their own ComfyUI and to those that they may view, a
   * limited number at a time.
   *
   * @param hasOwn whether they have a ComfyUI themselves
   * @param others whose pages they may view, group by group; empty where no page can be shown to others
   */
  record StartPage(Member member, boolean hasOwn, Optional<List<User>> others) {
    /** In the address: which part of the others, counted from 1. */
    static final String PART = "part";
    static final int MAX_USERS = 500;

    /** @param part the nearest one is shown if there is none of this number */
    Page part(int part) {
      Optional<Listing> listing = others.map(all -> listing(all, part));
      String address = listing.filter(shown -> shown.part() > 1)
        .map(shown -> "/?%s=%d".formatted(PART, shown.part())).orElse("/");
      return new Page("home.jte", Optional.of(address), Map.of("name", member.identity().displayName(),
        "ownAddress", hasOwn ? Pages.ofStudent(member.user().name()) : "", "others", listing));
    }

    private static Listing listing(List<User> all, int part) {
      int parts = Math.max(1, (all.size() - 1) / MAX_USERS + 1);
      int shown = Math.max(1, Math.min(part, parts));
      Map<String, List<User>> groups =
        all.subList((shown - 1) * MAX_USERS, Math.min(shown * MAX_USERS, all.size())).stream()
          .collect(Collectors.groupingBy(User::group, LinkedHashMap::new, Collectors.toList()));
      return new Listing(groups.entrySet().stream().map(one -> new Group(one.getKey(), one.getValue())).toList(), shown,
        parts);
    }
  }
}
