package io.anteroom.edge.student;

import io.anteroom.directory.Directory;
import io.anteroom.directory.User;
import io.anteroom.edge.admission.RateLimiter;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.auth.MemberAuthorizer;
import io.anteroom.edge.http.HtmlPages;
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

/** {@code /} where one signs in: leads a student to his own page, and lets who may look at others choose. */
public final class HomePage {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  private final MemberAuthorizer members;
  private final RateLimiter rates;
  private final Supplier<Directory> directory;
  private final boolean showsOthers;

  /** @param showsOthers whether anybody's page can be shown to somebody else */
  public HomePage(MemberAuthorizer members, RateLimiter rates, Supplier<Directory> directory, boolean showsOthers) {
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

  /**
   * The first page of somebody who may look at others: the way to his own ComfyUI and to theirs, so many at a time.
   *
   * @param hasOwn whether he has a ComfyUI himself
   * @param others at whose pages he may look, group by group; empty where nobody's can be shown to others
   */
  record StartPage(Member member, boolean hasOwn, Optional<List<User>> others) {
    /** In the address: which part of the others, counted from 1. */
    static final String PART = "part";
    static final int MOST_AT_ONCE = 500;

    private static final String HAS_NONE = """
      <p>You have no ComfyUI of your own.</p>
      <p lang="zh-CN">您没有自己的 ComfyUI。</p>
      """;
    private static final String KNOWN_ALONE = """
      <p>You may look at their pages, and touch nothing. Only who is in the lab's list of users stands here.</p>
      <p lang="zh-CN">您可以查看他们的页面，但不能改动。此处仅列出实验室用户名单中的用户。</p>
      """;
    private static final String NOBODY = """
      <p>There is nobody at whose page you may look. Only who is in the lab's list of users could stand here.</p>
      <p lang="zh-CN">没有您可以查看的用户。此处仅列出实验室用户名单中的用户。</p>
      """;
    private static final String NOT_SHOWN = """
      <p>You could look at your students' pages if each had an address of its own (isolation.by: port or host).</p>
      <p lang="zh-CN">如果每个学生拥有独立地址（isolation.by 设为 port 或 host），您就可以查看学生的页面。</p>
      """;

    /** @param part which; the nearest that there is */
    String html(int part) {
      return HtmlPages.around("Anteroom", own() + "<section>"
        + others.map(all -> all.isEmpty() ? NOBODY : KNOWN_ALONE + list(all, part)).orElse(NOT_SHOWN) + "</section>");
    }

    private String own() {
      String name = Pages.escaped(member.identity().displayName());
      String way = hasOwn ? "<a class=\"button\" href=\"%s\">Open my ComfyUI · 打开我的 ComfyUI</a>"
        .formatted(Pages.ofStudent(member.user().name())) : HAS_NONE;
      return """
      <section>
        <p>You are signed in as %s · 您已登录：%s</p>
        %s
        <p><a href="/signout">Sign out · 退出登录</a></p>
      </section>
      """.formatted(name, name, way);
    }

    private static String list(List<User> all, int part) {
      int parts = (all.size() - 1) / MOST_AT_ONCE + 1;
      int shown = Math.max(1, Math.min(part, parts));
      Map<String, List<User>> groups =
        all.subList((shown - 1) * MOST_AT_ONCE, Math.min(shown * MOST_AT_ONCE, all.size())).stream()
          .collect(Collectors.groupingBy(User::group, LinkedHashMap::new, Collectors.toList()));
      return groups.entrySet().stream().map(group -> group(group.getKey(), group.getValue(), groups.size() == 1))
        .collect(Collectors.joining()) + (parts > 1 ? pager(shown, parts) : "");
    }

    private static String group(String name, List<User> members, boolean open) {
      return "<details%s><summary>%s (%d)</summary><ul>%s</ul></details>".formatted(open ? " open" : "",
        name.isEmpty() ? "No group · 无分组" : Pages.escaped(name), members.size(),
        members.stream().map(StartPage::entry).collect(Collectors.joining()));
    }

    /** Two may have the same name to show, never the same in the address. */
    private static String entry(User user) {
      String address = user.displayName().equals(user.name()) ? ""
        : " <small>%s</small>".formatted(Pages.escaped(user.name()));
      return "<li><a href=\"%s\">%s</a>%s</li>\n"
        .formatted(Pages.ofStudent(user.name()), Pages.escaped(user.displayName()), address);
    }

    private static String pager(int shown, int parts) {
      return "<nav><p>%s %d / %d %s</p></nav>".formatted(
        shown > 1 ? way(shown - 1, "Before · 上一页") : "", shown, parts,
        shown < parts ? way(shown + 1, "Next · 下一页") : "");
    }

    private static String way(int part, String name) {
      return "<a href=\"/?%s=%d\">%s</a>".formatted(PART, part, name);
    }
  }
}
